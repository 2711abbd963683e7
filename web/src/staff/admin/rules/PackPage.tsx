import {
  Anchor,
  Badge,
  Group,
  NativeSelect,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import type { OriginShape, PackTables } from "../../../api/schema";
import { day } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { Asked } from "../common/Asked";
import { Wide } from "../common/Wide";
import { cellWord, columnWord, tableWord } from "./tableWords";
import { words } from "./words";

type RuleTable = PackTables["tables"][number];

/** A pack as tables, each row with its source and its day. */
export function PackPage({ pack }: { pack: string }) {
  const said = useWords(words);
  const query = useQuery({
    queryKey: ["admin", "pack", pack],
    queryFn: () => answer(api.GET("/v1/admin/packs/{pack}/tables", { params: { path: { pack } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Asked query={query}>
      {(found) => (
        <Frame
          title={`${said.title} ${found.pack.market} ${found.pack.version}`}
          about={found.pack.pack_hash}
          actions={
            <Anchor component={Link} href="/admin/rules">
              {said.back}
            </Anchor>
          }
        >
          <Tables found={found} />
        </Frame>
      )}
    </Asked>
  );
}

function Tables({ found }: { found: PackTables }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const [text, setText] = useState("");
  const [only, setOnly] = useState("");
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const tables = found.tables
    .filter((table) => only === "" || table.name === only)
    .map((table) => ({ ...table, rows: table.rows.filter((row) => fits(row, wanted)) }))
    .filter((table) => table.rows.length > 0);
  return (
    <>
      <Group align="flex-end">
        <NativeSelect
          label={said.what}
          value={only}
          onChange={(event) => setOnly(event.currentTarget.value)}
          data={[
            { value: "", label: said.everything },
            ...found.tables.map((table) => ({
              value: table.name,
              label: tableWord(table.name, language),
            })),
          ]}
        />
        <TextInput
          label={said.search}
          type="search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Group>
      {tables.length === 0 && <Text>{said.nothingFound}</Text>}
      {tables.map((table) => (
        <OneTable key={table.name} table={table} />
      ))}
    </>
  );
}

function OneTable({ table }: { table: RuleTable }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const title = tableWord(table.name, language);
  const head = [said.key, ...table.columns.map((one) => columnWord(one, language)), said.source];
  return (
    <Stack gap={4}>
      <Title order={2} size="h5" id={`table-${table.name}`}>
        {title} <Text span c="dimmed">{`[[${table.name}]]`}</Text>
      </Title>
      <Wide label={title} head={head}>
        {table.rows.map((row) => (
          <Table.Tr key={row.key}>
            <Table.Th scope="row" fw={500}>
              {row.key}
            </Table.Th>
            {row.cells.map((value, index) => {
              const column = table.columns[index] ?? "";
              return (
                <Table.Td key={column} maw={320}>
                  {cellWord(value, column === "value" ? row.key : column, language)}
                </Table.Td>
              );
            })}
            <Table.Td miw={220} maw={420}>
              <Origin origin={row.origin} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Wide>
    </Stack>
  );
}

/** Where a row comes from, and from when to when it holds. */
export function Origin({ origin }: { origin: OriginShape | null | undefined }) {
  const said = useWords(words);
  const { language } = useLanguage();
  if (!origin) {
    return (
      <Text size="sm" c="dimmed">
        {said.program}
      </Text>
    );
  }
  const until = origin.until ? ` ${said.until} ${day(origin.until, language)}` : "";
  return (
    <Stack gap={0}>
      <Text size="sm">{origin.source}</Text>
      <Group gap={6}>
        <Text size="xs" c="dimmed">
          {`${said.from} ${day(origin.since, language)}${until}`}
        </Text>
        {!origin.firm && (
          <Badge size="xs" variant="default">
            {said.default}
          </Badge>
        )}
      </Group>
    </Stack>
  );
}

function fits(row: RuleTable["rows"][number], wanted: string): boolean {
  if (wanted === "") return true;
  const said = [row.key, ...row.cells, row.origin?.source ?? ""].join("\n").toLowerCase();
  return said.includes(wanted);
}
