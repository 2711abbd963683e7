import { ActionIcon, Button, Text } from "@mantine/core";
import { useState } from "react";
import type { MateShape } from "../../../api/schema";
import { useLanguage, useWords } from "../../../shared/words";
import { nameOf } from "../wall";
import { PlannedShift } from "./PlannedShift";
import type { Wanted } from "./PlanShifts";
import { dayAfter, shownOn } from "./week";
import { words } from "./words";

const SHOWN = 50;

type Props = {
  desk: string;
  mates: readonly MateShape[];
  days: readonly Date[];
  /** Only those in whose names this stands. */
  find: string;
  onPlan: (wanted: Wanted) => void;
};

/** A row for each agent with their shifts, day by day. */
export function WeekGrid({ desk, mates, days, find, onPlan }: Props) {
  const said = useWords(words);
  const dayName = useDayName();
  const [shown, setShown] = useState(SHOWN);
  const found = mates
    .map((mate) => ({ mate, name: nameOf({ id: mate.agent.id, name: mate.name }) }))
    .filter(({ name }) => name.toLowerCase().includes(find.trim().toLowerCase()))
    .sort((one, other) => one.name.localeCompare(other.name));
  if (found.length === 0) return <Text role="status">{said.noneFound}</Text>;
  return (
    <div>
      <div className="week-head" aria-hidden>
        <span />
        {days.map((one) => (
          <span key={one.getTime()}>{dayName(one)}</span>
        ))}
      </div>
      {found.slice(0, shown).map(({ mate, name }) => (
        <section key={mate.agent.id} className="week-row" aria-label={name}>
          <h3>{name}</h3>
          <ul className="week-days">
            {days.map((one) => (
              <Day
                key={one.getTime()}
                {...{ desk, mate, name, onPlan }}
                midnight={one}
                first={one === days[0] && one <= new Date()}
              />
            ))}
          </ul>
        </section>
      ))}
      {found.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + SHOWN)}>
          {said.more}
        </Button>
      )}
    </div>
  );
}

function Day({
  desk,
  mate,
  name,
  midnight,
  first,
  onPlan,
}: {
  desk: string;
  mate: MateShape;
  name: string;
  midnight: Date;
  /** What is there from before is shown here: the first day of the week that runs. */
  first: boolean;
  onPlan: (wanted: Wanted) => void;
}) {
  const said = useWords(words);
  const dayName = useDayName();
  const shifts = shownOn(midnight, mate.agent.shifts, first);
  const now = new Date();
  const over = dayAfter(midnight, 1) <= now;
  const today = midnight <= now && !over;
  return (
    <li className="week-day" {...(today && { "data-today": "" })}>
      <span className="day-name">{dayName(midnight)}</span>
      {shifts.map((one, number) => (
        <PlannedShift
          key={one.starts_at}
          desk={desk}
          agent={mate.agent.id}
          title={said.shiftOf(name, dayName(new Date(one.starts_at)))}
          shift={one}
          runs={mate.agent.on_shift && number === 0 && one === mate.agent.shifts[0]}
        />
      ))}
      {over ? (
        <Text size="xs" c="dimmed">
          {shifts.length === 0 && "–"}
        </Text>
      ) : (
        <ActionIcon
          variant="default"
          aria-label={said.addOn(name, dayName(midnight))}
          onClick={() => onPlan({ agents: [mate.agent.id], days: [midnight.getTime()] })}
        >
          <span aria-hidden>+</span>
        </ActionIcon>
      )}
    </li>
  );
}

/** "Mon 3 Nov". */
export function useDayName(): (at: Date) => string {
  const { language } = useLanguage();
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  return (at) =>
    at.toLocaleDateString(locale, { weekday: "short", day: "numeric", month: "short" });
}
