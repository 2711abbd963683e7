import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useLanguage, useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { Asked } from "../common/Asked";
import { MarketPick, useMarket } from "../common/MarketPick";
import { usePublications } from "../rules/Publications";
import { calendarName } from "./names";
import { words } from "./words";
import { Year } from "./Year";

const YEAR_MIN = 1990;
const YEAR_MAX = 2100;

/** The calendars of the rules in force, each as a year that one can look at. */
export default function CalendarsPage() {
  const said = useWords(words);
  const [market, setMarket] = useMarket();
  const published = usePublications(market);
  return (
    <Frame
      title={said.title}
      about={said.about}
      actions={<MarketPick value={market} onPick={setMarket} />}
    >
      <Asked query={published}>
        {({ items }) => {
          const inForce = items.find((one) => one.now);
          return inForce ? <OfPack key={inForce.pack_hash} pack={inForce.pack_hash} /> : null;
        }}
      </Asked>
    </Frame>
  );
}

function OfPack({ pack }: { pack: string }) {
  const query = useQuery({
    queryKey: ["admin", "pack", pack],
    queryFn: () => answer(api.GET("/v1/admin/packs/{pack}/tables", { params: { path: { pack } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Asked query={query}>{({ calendars }) => <Calendars pack={pack} names={calendars} />}</Asked>
  );
}

function Calendars({ pack, names }: { pack: string; names: readonly string[] }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const [calendar, setCalendar] = useState(
    names.includes("office_hours") ? "office_hours" : (names[0] ?? ""),
  );
  const [year, setYear] = useState(new Date().getFullYear());
  const query = useQuery({
    queryKey: ["admin", "pack", pack, "calendar", calendar, year],
    queryFn: () =>
      answer(
        api.GET("/v1/admin/packs/{pack}/calendars/{calendar}", {
          params: { path: { pack, calendar }, query: { year } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Stack>
      <Group align="flex-end">
        <NativeSelect
          label={said.calendar}
          data={names.map((name) => ({ value: name, label: calendarName(name, language) }))}
          value={calendar}
          onChange={(event) => setCalendar(event.currentTarget.value)}
        />
        <Group gap={4} role="group" aria-label={said.year}>
          <Button
            variant="default"
            aria-label={said.previous}
            disabled={year <= YEAR_MIN}
            onClick={() => setYear(year - 1)}
          >
            ‹
          </Button>
          <Text fw={600} w={56} ta="center" aria-live="polite">
            {year}
          </Text>
          <Button
            variant="default"
            aria-label={said.next}
            disabled={year >= YEAR_MAX}
            onClick={() => setYear(year + 1)}
          >
            ›
          </Button>
        </Group>
      </Group>
      <Asked query={query}>{(found) => <Year found={found} />}</Asked>
    </Stack>
  );
}
