import { Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useSearchParams } from "wouter";
import type { FigureShape } from "../../api/schema";
import { useWords } from "../../shared/words";
import { Asked } from "../admin/common/Asked";
import { Frame } from "../common/Frame";
import { LAST_DAY } from "../common/lastDay";
import { Behind } from "./Behind";
import { BrokenDown } from "./BrokenDown";
import { Definition } from "./Definition";
import {
  type By,
  dayAfter,
  firstWithData,
  lastDays,
  type Span,
  type Total,
  useFigures,
  useTotals,
} from "./figures";
import { Tile } from "./Tile";
import { words } from "./words";

const DAYS = 7;
const DAYS_MAX = 400;
const NOTHING: Total = { data: undefined, error: null, isPending: true };
const BREAKDOWNS = ["day", "desk", "merchant", "creator", "agent", "category"] as const;

/** How it went: every figure with its meaning, its parts and what is behind it. */
export default function InsightPage() {
  const said = useWords(words);
  const figures = useFigures();
  // All that was chosen stands in the address, for whoever comes back from a case.
  const [asked, ask] = useSearchParams();
  const latest = lastDays(DAYS);
  const span: Span = {
    since: asked.get("since") ?? latest.since,
    until: asked.get("until") ?? latest.until,
  };
  const by = BREAKDOWNS.find((one) => one === asked.get("by")) ?? "day";
  const choose = (name: string, value: string) => {
    const chosen = new URLSearchParams(asked);
    chosen.set(name, value);
    ask(chosen, { replace: true });
  };
  const days = (Date.parse(span.until) - Date.parse(span.since)) / 86_400_000;
  const makesSense = days >= 1 && days <= DAYS_MAX;
  return (
    <Frame
      title={said.title}
      about={said.about}
      actions={
        <>
          <TextInput
            type="date"
            max={LAST_DAY}
            label={said.since}
            value={span.since}
            onChange={(event) => {
              const since = event.currentTarget.value;
              if (since) choose("since", since);
            }}
          />
          <TextInput
            type="date"
            max={LAST_DAY}
            label={said.until}
            value={dayAfter(span.until, -1)}
            error={makesSense ? undefined : said.wrongSpan}
            onChange={(event) => {
              const last = event.currentTarget.value;
              if (last) choose("until", dayAfter(last));
            }}
          />
          <Select
            label={said.by}
            data={BREAKDOWNS.map((one) => ({ value: one, label: said[one] }))}
            value={by}
            allowDeselect={false}
            onChange={(chosen) => chosen && choose("by", chosen)}
          />
        </>
      }
    >
      {makesSense ? (
        <Asked query={figures}>
          {({ items }) => (
            <Figures
              {...{ items, span, by }}
              name={asked.get("figure")}
              onChoose={(name) => choose("figure", name)}
            />
          )}
        </Asked>
      ) : (
        <Text>{said.wrongSpan}</Text>
      )}
    </Frame>
  );
}

type FiguresProps = {
  items: readonly FigureShape[];
  span: Span;
  by: By;
  name: string | null;
  onChoose: (name: string) => void;
};

function Figures({ items, span, by, name, onChoose }: FiguresProps) {
  const said = useWords(words);
  const totals = useTotals(items, span);
  const chosen = items.find((one) => one.name === name) ?? firstWithData(items, totals);
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, md: 4 }} component="section" aria-label={said.figures}>
        {items.map((figure, index) => (
          <Tile
            key={figure.name}
            figure={figure}
            total={totals[index] ?? NOTHING}
            chosen={figure === chosen}
            onChoose={() => onChoose(figure.name)}
          />
        ))}
      </SimpleGrid>
      {chosen && (
        <>
          <Definition figure={chosen} />
          <BrokenDown figure={chosen} span={span} by={by} />
          <Behind key={`${chosen.name}/${span.since}/${span.until}`} figure={chosen} span={span} />
        </>
      )}
    </Stack>
  );
}
