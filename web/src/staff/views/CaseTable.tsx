import { Anchor, Checkbox, Paper, Table, Text } from "@mantine/core";
import { Link } from "wouter";
import type { ListedShape } from "../../api/schema";
import { plainText } from "../../shared/plainText";
import { useWords } from "../../shared/words";
import { hrefOf, keyOf } from "../desk/address";
import { useCode } from "../desk/useCode";
import { useDeskNames } from "../names/useDeskNames";
import { useStill } from "../supervisor/useStill";
import { Due } from "./Due";
import { words } from "./words";

type Props = {
  rows: readonly ListedShape[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  /** Whether there is nothing more to look at. */
  whole: boolean;
};

/** The cases that fit, the most urgent first; any of them can be chosen. While a hand is there none
 * moves: what fits no more is marked. */
export function CaseTable({ rows, chosen, onChoose, whole }: Props) {
  const said = useWords(words);
  const code = useCode();
  const deskName = useDeskNames(rows.flatMap((row) => row.desk ?? []));
  const { shown, over } = useStill(rows);
  if (shown.length === 0) {
    return (
      <Paper withBorder p="md" role="status">
        <Text fw={600}>{whole ? said.none : said.noneYet}</Text>
        {whole && <Text c="dimmed">{said.noneWhy}</Text>}
      </Paper>
    );
  }
  const toggle = (key: string) => {
    const changed = new Set(chosen);
    if (!changed.delete(key)) changed.add(key);
    onChoose(changed);
  };
  const all = rows.length > 0 && rows.every((row) => chosen.has(keyOf(row)));
  return (
    <Table.ScrollContainer minWidth={0} {...over}>
      <Table aria-label={said.cases} verticalSpacing={6} highlightOnHover className="case-table">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={36}>
              <Checkbox
                size="xs"
                aria-label={said.all}
                checked={all}
                indeterminate={chosen.size > 0 && !all}
                onChange={() => onChoose(all ? new Set() : new Set(rows.map(keyOf)))}
              />
            </Table.Th>
            {[said.issue, said.consumer, said.statuses, said.desk, said.due].map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map(({ row, gone }) => (
            <Table.Tr
              key={keyOf(row)}
              td={gone ? "line-through" : undefined}
              data-chosen={(!gone && chosen.has(keyOf(row))) || undefined}
            >
              <Table.Td>
                <Checkbox
                  size="xs"
                  aria-label={said.choose(`${code(row.issue)} ${row.name}`)}
                  checked={!gone && chosen.has(keyOf(row))}
                  disabled={gone}
                  onChange={() => toggle(keyOf(row))}
                />
              </Table.Td>
              <Table.Td>
                <Anchor component={Link} href={hrefOf(row)} fw={600} size="sm">
                  {code(row.issue)}
                </Anchor>
                {row.said?.text && (
                  <Text size="xs" c="dimmed" lineClamp={1}>
                    <bdi>{plainText(row.said.text)}</bdi>
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <bdi>{plainText(row.name)}</bdi>
              </Table.Td>
              <Table.Td>{code(row.status)}</Table.Td>
              <Table.Td>{row.desk && <bdi>{deskName(row.desk)}</bdi>}</Table.Td>
              <Table.Td>
                <Due row={row} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
