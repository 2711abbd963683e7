import { Anchor, Badge, Code, Group, Stack, Text } from "@mantine/core";
import { useMemo } from "react";
import { Link } from "wouter";
import type { StoryShape, ToldShape } from "../../../api/schema";
import { exactly } from "../../../shared/format";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { actorWord } from "./actors";
import "./story.css";
import { tableWord } from "../rules/tableWords";
import { paths } from "./paths";
import { type About, type Recorded, sentence } from "./sentences";
import { words } from "./words";

export type Step = { item: ToldShape; strand?: "conversation" | "order" | "remedies" };
type Rule = Required<StoryShape>["rules"][number];

/** What was done, step by step: when, by whom, what it came to, and on which rules. */
export function Steps({
  steps,
  agents,
  rules,
  cut = false,
}: {
  steps: readonly Step[];
  agents: Required<StoryShape>["agents"];
  rules: readonly Rule[];
  cut?: boolean;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const about = useMemo<About>(
    () => ({
      language,
      names: new Map(agents.map((one) => [one.id, one.name])),
      currency: currencyOf(steps),
      balances: balancesOf(steps),
    }),
    [agents, language, steps],
  );
  const cited = useMemo(() => new Map(rules.map((one) => [one.rule, one])), [rules]);
  return (
    <>
      <ol className="story" aria-label={said.steps}>
        {steps.map((step) => (
          <li key={step.item.command_id}>
            <OneStep step={step} about={about} cited={cited} />
          </li>
        ))}
      </ol>
      {cut && <Text>{said.cut}</Text>}
    </>
  );
}

function OneStep({
  step: { item, strand },
  about,
  cited,
}: {
  step: Step;
  about: About;
  cited: ReadonlyMap<string, Rule>;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const events = item.events as Recorded[];
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <Text size="sm" c="dimmed" component="time" dateTime={item.at}>
          {exactly(item.at, language)}
        </Text>
        <Text size="sm" fw={600}>
          {actorWord(item, about)}
        </Text>
        {strand && (
          <Badge size="sm" variant="default">
            {said[strand]}
          </Badge>
        )}
      </Group>
      {events.map((event, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was recorded stays where it is
        <Text key={number}>
          {typeof event.case === "number" && (
            <Text span c="dimmed">{`${said.case(event.case)} · `}</Text>
          )}
          {sentence(event, about)}
          {!strand && <Beyond event={event} />}
        </Text>
      ))}
      {item.basis.length > 0 && <Basis basis={item.basis} cited={cited} />}
      <details>
        <summary>{said.details}</summary>
        <Code block className="recorded">
          {JSON.stringify({ command: item.command, events: item.events }, null, 1)}
        </Code>
      </details>
    </Stack>
  );
}

/** From what happened to money or a desk to whom it was about, or to the slice of a budget. */
function Beyond({ event }: { event: Recorded }) {
  const said = useWords(words);
  const { type, name, market, currency, to, consumer, order } = event;
  const link = (href: string, what: string) => (
    <>
      {" · "}
      <Anchor component={Link} href={href} inherit>
        {what}
      </Anchor>
    </>
  );
  if (type === "SliceGranted") {
    const there = paths.budget(String(market), String(name), String(currency), Number(to));
    return link(there, said.slice(Number(to)));
  }
  if (typeof consumer !== "string" || typeof order !== "string") return null;
  return link(paths.consumer(consumer), said.consumersCases);
}

function Basis({ basis, cited }: { basis: readonly string[]; cited: ReadonlyMap<string, Rule> }) {
  const said = useWords(words);
  const colon = useColon();
  const { language } = useLanguage();
  return (
    <Stack gap={0} className="basis">
      <Text size="sm" fw={600}>
        {said.basis}
      </Text>
      {basis.map((rule) => {
        const found = cited.get(rule);
        const name = found ? `${tableWord(found.table, language)} ${found.key}` : rule;
        return (
          <Text key={rule} size="sm">
            {name}
            {colon}
            {found?.origin
              ? `${found.origin.source}${found.origin.firm ? "" : ` (${said.default})`}`
              : said.program}
          </Text>
        );
      })}
    </Stack>
  );
}

/** The currency that amounts are in where an event does not say it: the order's. */
function currencyOf(steps: readonly Step[]): string {
  for (const { item } of steps) {
    for (const event of item.events as Recorded[]) {
      if (typeof event.currency === "string" && event.currency) return event.currency;
    }
  }
  return "";
}

/** The currency of each method of a wallet, which may hold several. */
function balancesOf(steps: readonly Step[]): ReadonlyMap<string, string> {
  const events = steps.flatMap(({ item }) => item.events as Recorded[]);
  return new Map(
    events.flatMap(({ method, currency }) =>
      typeof method === "string" && typeof currency === "string" ? [[method, currency]] : [],
    ),
  );
}
