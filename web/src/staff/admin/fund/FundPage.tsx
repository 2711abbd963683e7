import { Group, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { FundReport } from "../../../api/schema";
import { money } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { LAST_DAY } from "../../common/lastDay";
import { Asked } from "../common/Asked";
import { MarketPick, useMarket } from "../common/MarketPick";
import { Wide } from "../common/Wide";
import { Budgets } from "./Budgets";
import { words } from "./words";

const MILLI = 1_000;

/** The platform's own money: the fund over some days, and this month's budgets. */
export default function FundPage() {
  const said = useWords(words);
  const [market, setMarket] = useMarket();
  const today = new Date();
  const [from, setFrom] = useState(dateOf(new Date(today.getFullYear(), today.getMonth(), 1)));
  const [to, setTo] = useState(dateOf(today));
  const isWhole = from !== "" && to !== "";
  const isSpan = isWhole && from <= to;
  const query = useQuery({
    queryKey: ["admin", "fund", from, to],
    queryFn: () => {
      const until = new Date(`${to}T00:00:00`);
      until.setDate(until.getDate() + 1);
      const span = {
        since: new Date(`${from}T00:00:00`).toISOString(),
        until: until.toISOString(),
      };
      return answer(api.GET("/v1/admin/fund", { params: { query: span } }));
    },
    enabled: isSpan,
  });
  const date = (label: string, value: string, change: (text: string) => void) => (
    <TextInput
      type="date"
      max={LAST_DAY}
      label={label}
      value={value}
      required
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
  return (
    <Frame title={said.title} about={said.about}>
      <Group align="flex-end">
        {date(said.from, from, setFrom)}
        {date(said.to, to, setTo)}
      </Group>
      {!isSpan && <Text role="alert">{isWhole ? said.wrongSpan : said.noSpan}</Text>}
      {isSpan && (
        <Asked query={query}>
          {({ currencies }) =>
            currencies.length === 0 ? (
              <Text>{said.none}</Text>
            ) : (
              currencies.map((one) => <OneCurrency key={one.currency} one={one} />)
            )
          }
        </Asked>
      )}
      <Stack gap="xs">
        <Title order={2} size="h4">
          {said.budgets}
        </Title>
        <MarketPick value={market} onPick={setMarket} />
        <Budgets key={market} market={market} />
      </Stack>
    </Frame>
  );
}

function OneCurrency({ one }: { one: FundReport }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const amount = (minor: number) => money(minor, one.currency, language);
  const figures = [
    [said.used, amount(one.used_minor)],
    [said.advanced, amount(one.advanced_minor)],
    [said.recovered, amount(one.recovered_minor)],
    [said.borne, amount(one.borne_minor)],
    [said.goodwill, amount(one.goodwill_minor)],
    [said.writtenOff, amount(one.written_off_minor)],
    [said.orders, one.orders.toLocaleString(language)],
    [said.perOrder, amount(one.cost_per_order_milli / MILLI)],
    ...one.outstanding.map((age, number): [string, string] => [
      said.outstanding(
        one.outstanding[number - 1]?.days_below ?? 0,
        age.days_below ? age.days_below - 1 : null,
      ),
      amount(age.minor),
    ]),
  ];
  return (
    <Wide label={one.currency} head={[one.currency, ""]}>
      {figures.map(([name, value]) => (
        <Table.Tr key={name}>
          <Table.Th scope="row" fw={500}>
            {name}
          </Table.Th>
          <Table.Td ta="right">{value}</Table.Td>
        </Table.Tr>
      ))}
    </Wide>
  );
}

function dateOf(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
