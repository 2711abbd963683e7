import { SegmentedControl, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { BehindShape, FigureShape } from "../../api/schema";
import { exactly, lasting } from "../../shared/format";
import { type Language, useLanguage, useWords } from "../../shared/words";
import { Asked, More, usePages } from "../admin/common/Asked";
import { Wide } from "../admin/common/Wide";
import { CaseLink } from "../home/CaseLink";
import { useCode } from "../home/codes";
import { DeskName } from "../names/DeskName";
import { type Part, type Span, timezone } from "./figures";
import { words } from "./words";

const SHOWN = 20;

/** The cases, promises or refunds behind a figure, page by page. */
export function Behind({ figure, span }: { figure: FigureShape; span: Span }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  const measured = measure(figure, said);
  const [part, setPart] = useState<Part>("denominator");
  const query = usePages<BehindShape>(
    ["insight", "behind", figure.name, span.since, span.until, part],
    (cursor) =>
      answer(
        api.GET("/v1/desk/insight/{figure}/rows", {
          params: {
            path: { figure: figure.name },
            query: { ...span, timezone, part, limit: SHOWN, ...(cursor ? { cursor } : {}) },
          },
        }),
      ),
  );
  return (
    <Stack gap="xs" align="stretch">
      <Title order={2} size="h4">
        {said.behind}
      </Title>
      <SegmentedControl
        aria-label={said.part}
        data={[
          { value: "denominator", label: said.counted },
          { value: "numerator", label: said.good },
          { value: "excluded", label: said.left },
        ]}
        value={part}
        onChange={(chosen) => setPart(chosen as Part)}
      />
      <Asked query={query}>
        {(rows) =>
          rows.length === 0 ? (
            <Text>{said.noRows}</Text>
          ) : (
            <Wide
              label={said.behind}
              head={[
                said.at,
                said.about_,
                said.deskOf,
                ...(measured ? [measured.head] : []),
                said.reason,
                said.open,
              ]}
            >
              {rows.map((row) => (
                <Table.Tr key={row.id}>
                  <Table.Th scope="row">{exactly(row.at, language)}</Table.Th>
                  <Table.Td>{code(row.category)}</Table.Td>
                  <Table.Td>
                    <DeskName desk={row.desk} />
                  </Table.Td>
                  {measured ? <Table.Td>{measured.of(row, language)}</Table.Td> : null}
                  <Table.Td>{row.reason ? code(row.reason) : "–"}</Table.Td>
                  <Table.Td>
                    <CaseLink about={row} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Wide>
          )
        }
      </Asked>
      <More query={query} />
    </Stack>
  );
}

/** What of a row the figure goes by, where that is more than yes or no. */
function measure(
  figure: FigureShape,
  said: { rated: string; took: string; stood: string },
): { head: string; of: (row: BehindShape, language: Language) => string } | undefined {
  if (figure.name === "satisfaction")
    return { head: said.rated, of: (row) => (row.score == null ? "–" : String(row.score)) };
  if (figure.name === "paused_share") return { head: said.stood, of: took };
  if (figure.unit === "share") return undefined;
  return { head: said.took, of: took };
}

function took(row: BehindShape, language: Language): string {
  return row.seconds == null ? "–" : lasting(row.seconds, language);
}
