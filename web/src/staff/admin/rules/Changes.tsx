import { Badge, Stack, Table, Text, Title } from "@mantine/core";
import type { Difference } from "../../../api/schema";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { Wide } from "../common/Wide";
import { Origin } from "./PackPage";
import { cellWord, columnWord, tableWord } from "./tableWords";
import { words } from "./words";

type Change = Difference["items"][number];

/** What differs between two packs, a table for each table of theirs. */
export function Changes({ found }: { found: Difference }) {
  const said = useWords(words);
  const { language } = useLanguage();
  if (found.total === 0) return <Text>{said.same}</Text>;
  const tables = [...new Set(found.items.map((one) => one.table))];
  return (
    <Stack>
      <Text>
        <b>{`${found.before.market} ${found.before.version} → ${found.after.version}`}</b>
        {`: ${said.changes(found.total)} `}
        {found.items.length < found.total && said.firstOf(found.items.length)}
      </Text>
      {tables.map((table) => (
        <Stack key={table} gap={4}>
          <Title order={3} size="h5">
            {tableWord(table, language)}
          </Title>
          <Wide
            label={tableWord(table, language)}
            head={[said.key, said.state, said.before, said.after, said.source]}
          >
            {found.items
              .filter((one) => one.table === table)
              .map((one) => (
                <Row key={one.key} change={one} />
              ))}
          </Wide>
        </Stack>
      ))}
    </Stack>
  );
}

function Row({ change }: { change: Change }) {
  const said = useWords(words);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {change.key}
      </Table.Th>
      <Table.Td>
        <Badge variant="default">{said[change.kind]}</Badge>
      </Table.Td>
      <Table.Td>
        <Side change={change} side="before" />
      </Table.Td>
      <Table.Td>
        <Side change={change} side="after" />
      </Table.Td>
      <Table.Td maw={380}>
        <Origin origin={change.after ?? change.before} />
      </Table.Td>
    </Table.Tr>
  );
}

function Side({ change, side }: { change: Change; side: "before" | "after" }) {
  const { language } = useLanguage();
  const colon = useColon();
  const gone = change.kind === (side === "before" ? "added" : "removed");
  if (gone) return <>–</>;
  return change.cells.map((cell) => (
    <Text key={cell.column} size="sm">
      {cell.column !== "value" && `${columnWord(cell.column, language)}${colon}`}
      {cellWord(cell[side], cell.column === "value" ? change.key : cell.column, language)}
    </Text>
  ));
}
