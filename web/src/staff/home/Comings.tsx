import { Stack, Table, Text } from "@mantine/core";
import { Problem } from "../../api/problems";
import type { BulkPreview, Problem as Why } from "../../api/schema";
import { money, time } from "../../shared/format";
import { useColon, useLanguage, useWords } from "../../shared/words";
import { problemWords } from "../shell/problemWords";
import type { Item } from "./bulk";
import { bulkWords } from "./bulkWords";

/** What each would come to, or why not; and all together. */
export function Comings({ items, preview }: { items: readonly Item[]; preview: BulkPreview }) {
  const said = useWords(bulkWords);
  const { language } = useLanguage();
  const colon = useColon();
  const whyNot = useWhyNot();
  const found = new Map(preview.items.map((one) => [one.key, one]));
  return (
    <Stack gap="xs">
      <Table.ScrollContainer minWidth={480}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{said.item}</Table.Th>
              <Table.Th scope="col">{said.comesTo}</Table.Th>
              <Table.Th scope="col">{said.consumerGets}</Table.Th>
              <Table.Th scope="col">{said.own}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ key, name }) => {
              const one = found.get(key);
              const sum = (minor?: number) =>
                one?.currency && minor ? money(minor, one.currency, language) : "–";
              return (
                <Table.Tr key={key}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td>
                    {one?.comes_to ? said[one.comes_to] : one?.why && whyNot(one.why)}
                    {one?.until && ` · ${said.until(time(one.until, language))}`}
                  </Table.Td>
                  <Table.Td>{sum(one?.amount_minor)}</Table.Td>
                  <Table.Td>{sum(one?.own_minor)}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {preview.sums.map((one) => (
        <Text key={`${one.comes_to}${one.currency}`} fw={600}>
          {said[one.comes_to]}
          {colon}
          {one.own_minor
            ? said.sum(one.items, money(one.own_minor, one.currency, language))
            : said.plain(one.items)}
        </Text>
      ))}
    </Stack>
  );
}

/** A no about one item in words. */
export function useWhyNot(): (why: Why) => string {
  const { language } = useLanguage();
  return (why) =>
    problemWords(new Problem(why.code, why.status, why.field ?? "", why.detail ?? "", 0), language);
}
