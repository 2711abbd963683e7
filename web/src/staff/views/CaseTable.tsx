import { Checkbox, Table, Text } from "@mantine/core";
import { Link } from "wouter";
import type { ListedShape } from "../../api/schema";
import { left } from "../../shared/format";
import { plainText } from "../../shared/plainText";
import { useNow } from "../../shared/useNow";
import { useWords } from "../../shared/words";
import { hrefOf, keyOf } from "../desk/address";
import { useCode } from "../desk/useCode";
import { words } from "./words";

type Props = {
  rows: readonly ListedShape[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  /** Whether there is nothing more to look at. */
  whole: boolean;
};

/** The cases that fit, the most urgent first; any of them can be chosen. */
export function CaseTable({ rows, chosen, onChoose, whole }: Props) {
  const said = useWords(words);
  const code = useCode();
  const now = useNow();
  if (rows.length === 0) {
    return <Text role="status">{whole ? said.none : said.noneYet}</Text>;
  }
  const toggle = (key: string) => {
    const changed = new Set(chosen);
    if (!changed.delete(key)) changed.add(key);
    onChoose(changed);
  };
  const all = chosen.size === rows.length;
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table aria-label={said.cases} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th colSpan={5}>
              <Checkbox
                size="xs"
                label={said.all}
                checked={all}
                indeterminate={chosen.size > 0 && !all}
                onChange={() => onChoose(all ? new Set() : new Set(rows.map(keyOf)))}
              />
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              <Table.Td>
                <Checkbox
                  size="xs"
                  aria-label={said.choose(`${code(row.issue)} ${row.name}`)}
                  checked={chosen.has(keyOf(row))}
                  onChange={() => toggle(keyOf(row))}
                />
              </Table.Td>
              <Table.Td>
                <Link href={hrefOf(row)}>{code(row.issue)}</Link>
              </Table.Td>
              <Table.Td>
                <bdi>{plainText(row.name)}</bdi>
              </Table.Td>
              <Table.Td>{code(row.status)}</Table.Td>
              <Table.Td>{row.clock && left(row.clock.due_at, now)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
