import { Anchor, Group, Loader, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { answer, api } from "../../api/client";
import type { AtRisk as Risk } from "../../api/schema";
import { money } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { partyOf } from "../names/useDeskNames";
import { ProblemNote } from "../shell/ProblemNote";
import { useCode } from "./codes";
import { spans } from "./desks";
import { words } from "./words";

/** What today costs if nobody does anything; `more`: only what is on this page was added up. It is
 * told of nothing that was not `read` as yet. */
export function AtRisk({
  risks,
  lost,
  more,
  read,
}: {
  risks: readonly Risk[];
  lost: number;
  more: boolean;
  read: "whole" | "waiting" | "failed";
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const sums = new Map<string, Risk>();
  for (const one of risks) {
    const known = sums.get(one.currency);
    sums.set(one.currency, {
      currency: one.currency,
      own_minor: one.own_minor + (known?.own_minor ?? 0),
      items: one.items + (known?.items ?? 0),
    });
  }
  return (
    <Paper withBorder p="md" component="section" aria-label={said.today}>
      <Title order={2} size="h5">
        {said.today}
      </Title>
      {[...sums.values()].map((one) => (
        <Text key={one.currency} size="lg" fw={600}>
          {said.lost(money(one.own_minor, one.currency, language), one.items)}
        </Text>
      ))}
      {lost > 0 && <Text>{said.takenOver(lost)}</Text>}
      {read === "waiting" && <Loader size="sm" />}
      {read === "failed" && <Text>{said.lostUnknown}</Text>}
      {read === "whole" && sums.size === 0 && lost === 0 && <Text>{said.nothingLost}</Text>}
      {more && <Text size="sm">{said.moreBehind}</Text>}
    </Paper>
  );
}

/** How the party's accounts stand this month, and the way to the lines. */
export function Accounts({ desk }: { desk: string }) {
  const said = useWords(words);
  const code = useCode();
  const { language } = useLanguage();
  const { since, until } = spans();
  const { data, error } = useQuery({
    queryKey: ["statements", desk, since],
    queryFn: () =>
      answer(
        api.GET("/v1/desk/parties/{party}/statements", {
          params: { path: { party: partyOf(desk) }, query: { since, until } },
        }),
      ),
  });
  return (
    <Paper withBorder p="md" component="section" aria-label={said.account}>
      <Group justify="space-between" align="baseline" wrap="nowrap">
        <Title order={2} size="h5">
          {said.account}
        </Title>
        <Anchor component={Link} href={`/statement?desk=${desk}`} size="sm">
          {said.toStatement}
        </Anchor>
      </Group>
      {error ? <ProblemNote error={error} /> : null}
      {data?.items.length === 0 && <Text>{said.noAccount}</Text>}
      {data?.items.map((one) => (
        <Stack key={one.currency} gap={0}>
          {one.balances.map((row) => (
            <Group key={row.account} justify="space-between" gap="xs">
              <Text>{code(row.account)}</Text>
              <Text fw={600} className="figures">
                {money(row.closing_minor, one.currency, language)}
              </Text>
            </Group>
          ))}
          {one.pending_minor !== 0 && (
            <Text size="sm">{said.pending(money(-one.pending_minor, one.currency, language))}</Text>
          )}
        </Stack>
      ))}
    </Paper>
  );
}
