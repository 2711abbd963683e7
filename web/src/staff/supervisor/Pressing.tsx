import { Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { WallCaseShape } from "../../api/schema";
import { ahead } from "../../shared/format";
import { useNow } from "../../shared/useNow";
import { useLanguage, useWords } from "../../shared/words";
import { Asked } from "../admin/common/Asked";
import { Wide } from "../admin/common/Wide";
import { keyOf } from "../desk/address";
import { CaseActions, type CasesProps } from "./CaseActions";
import { CaseCell } from "./CaseCell";
import { whose } from "./Silent";
import { useStill } from "./useStill";
import { words } from "./words";

const SHOWN = 10;
const AGAIN_MS = 15_000;

/** The cases whose next deadline passes first, waiting or in hand. */
export function Pressing({ desk, agents, onWhisper }: CasesProps) {
  const said = useWords(words);
  const query = useQuery({
    queryKey: ["wall", "pressing", desk],
    queryFn: () =>
      answer(api.GET("/v1/desk/wall/pressing", { params: { query: { desk, limit: SHOWN } } })),
    refetchInterval: AGAIN_MS,
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.pressing}
      </Title>
      <Asked query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{said.noPressing}</Text>
          ) : (
            <Rows items={items} {...{ desk, agents, onWhisper }} />
          )
        }
      </Asked>
    </Stack>
  );
}

type RowsProps = CasesProps & { items: readonly WallCaseShape[] };

function Rows({ items, desk, agents, onWhisper }: RowsProps) {
  const said = useWords(words);
  const { language } = useLanguage();
  const now = useNow();
  const { shown, over } = useStill(items);
  return (
    <div {...over}>
      <Wide label={said.pressing} head={[said.case, said.agent, said.due, said.actions]}>
        {shown.map(({ row, gone }) => (
          <Table.Tr key={keyOf(row)} td={gone ? "line-through" : undefined}>
            <Table.Th scope="row">
              <CaseCell row={row} />
            </Table.Th>
            <Table.Td>{row.agent ? whose(row.agent, agents) : said.nobody}</Table.Td>
            <Table.Td>{ahead(row.due_at, now, language)}</Table.Td>
            <Table.Td>
              <CaseActions {...{ desk, row, agents, onWhisper }} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Wide>
    </div>
  );
}
