import { Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FigureShape } from "../../api/schema";
import { useWords } from "../../shared/words";
import { Asked } from "../admin/common/Asked";
import { Frame } from "../admin/common/Frame";
import { Behind } from "./Behind";
import { BrokenDown } from "./BrokenDown";
import { Definition } from "./Definition";
import { type By, dayAfter, lastDays, type Span, useFigures } from "./figures";
import { Tile } from "./Tile";
import { words } from "./words";

const DAYS = 7;
const DAYS_MAX = 400;
const BREAKDOWNS = ["day", "desk", "merchant", "creator", "category"] as const;

/** How it went: every figure with its meaning, its parts and what is behind it. */
export default function InsightPage() {
  const said = useWords(words);
  const figures = useFigures();
  const [span, setSpan] = useState<Span>(() => lastDays(DAYS));
  const [by, setBy] = useState<By>("day");
  const [name, setName] = useState<FigureShape["name"]>("contact_once");
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
            label={said.since}
            value={span.since}
            onChange={(event) => {
              const since = event.currentTarget.value;
              if (since) setSpan((before) => ({ ...before, since }));
            }}
          />
          <TextInput
            type="date"
            label={said.until}
            value={dayAfter(span.until, -1)}
            error={makesSense ? undefined : said.wrongSpan}
            onChange={(event) => {
              const last = event.currentTarget.value;
              if (last) setSpan((before) => ({ ...before, until: dayAfter(last) }));
            }}
          />
          <Select
            label={said.by}
            data={BREAKDOWNS.map((one) => ({ value: one, label: said[one] }))}
            value={by}
            allowDeselect={false}
            onChange={(chosen) => chosen && setBy(chosen as By)}
          />
        </>
      }
    >
      <Asked query={figures}>
        {({ items }) => {
          const chosen = items.find((one) => one.name === name);
          if (!makesSense || !chosen) return <Text>{said.wrongSpan}</Text>;
          return (
            <Stack gap="lg">
              <SimpleGrid
                cols={{ base: 1, xs: 2, md: 4 }}
                component="section"
                aria-label={said.figures}
              >
                {items.map((figure) => (
                  <Tile
                    key={figure.name}
                    figure={figure}
                    span={span}
                    chosen={figure.name === name}
                    onChoose={() => setName(figure.name)}
                  />
                ))}
              </SimpleGrid>
              <Definition figure={chosen} />
              <BrokenDown figure={chosen} span={span} by={by} />
              <Behind key={`${name}/${span.since}/${span.until}`} figure={chosen} span={span} />
            </Stack>
          );
        }}
      </Asked>
    </Frame>
  );
}
