import { Anchor, Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import type { AgentShape } from "../../../api/schema";
import { money } from "../../../shared/format";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { DeskName } from "../../names/DeskName";
import { Asked } from "../common/Asked";
import { marketName, useMarkets } from "../common/MarketPick";
import { useRules } from "../common/useRules";
import { Wide } from "../common/Wide";
import { words } from "./words";

/** How much the agent may give alone at each of their desks: the rules of each market say it. */
export function Authority({ agent }: { agent: AgentShape }) {
  const said = useWords(words);
  const markets = useMarkets();
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.authority}
      </Title>
      <Text c="dimmed" maw={720}>
        {said.authorityAbout}
      </Text>
      {markets.map((market) => (
        <OfMarket key={market} market={market} agent={agent} />
      ))}
    </Stack>
  );
}

function OfMarket({ market, agent }: { market: string; agent: AgentShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const colon = useColon();
  const query = useRules(market, "authority");
  const amount = (rule: Record<string, string | number | boolean>, column: string) =>
    money(Number(rule[column] ?? 0), String(rule.currency), language);
  return (
    <Asked query={query}>
      {(rules) => {
        const rows = agent.memberships.flatMap((one) =>
          rules
            .filter((rule) => rule.desk === one.desk.split(":")[0] && rule.role === one.role)
            .map((rule) => ({ one, rule })),
        );
        return (
          <>
            {rows.length === 0 ? (
              <Text>{said.noAuthority(marketName(market, language))}</Text>
            ) : (
              <Wide
                label={`${said.authority}${colon}${marketName(market, language)}`}
                head={[said.desk, said.role, said.perCase, said.perDay, said.perConsumer]}
              >
                {rows.map(({ one, rule }) => (
                  <Table.Tr key={`${one.desk}/${one.starts_at}/${rule.currency}`}>
                    <Table.Td>
                      <DeskName desk={one.desk} />
                    </Table.Td>
                    <Table.Td>{said[one.role]}</Table.Td>
                    <Table.Td>{amount(rule, "per_case_minor")}</Table.Td>
                    <Table.Td>{amount(rule, "per_day_minor")}</Table.Td>
                    <Table.Td>{amount(rule, "per_consumer_minor")}</Table.Td>
                  </Table.Tr>
                ))}
              </Wide>
            )}
            {query.pack && (
              <Anchor component={Link} size="sm" href={`/admin/rules/packs/${query.pack}`}>
                {said.authorityRules(marketName(market, language))}
              </Anchor>
            )}
          </>
        );
      }}
    </Asked>
  );
}
