import { ActionIcon, Anchor, Button, Group, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { answer, api } from "../../../api/client";
import { day } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Asked } from "../../admin/common/Asked";
import { DeskPick } from "../../admin/common/DeskPick";
import { useAnsweredDesks } from "../../admin/common/desks";
import { Empty, Frame } from "../../common/Frame";
import { PlanShifts, type Wanted } from "./PlanShifts";
import { daysOf, mondayOf } from "./week";
import "./week.css";
import { WeekGrid } from "./WeekGrid";
import { words } from "./words";

/** Others plan, too, and people are added to the desk. */
const AGAIN_MS = 5_000;

/** Who of a desk works when, a week at a time, and the hand that plans it. */
export default function WeekPage() {
  const said = useWords(words);
  const { language } = useLanguage();
  const answered = useAnsweredDesks();
  const [asked, ask] = useSearchParams();
  const desk = asked.get("desk") ?? answered[0] ?? "platform";
  const [find, setFind] = useState(asked.get("find") ?? "");
  const [weeks, setWeeks] = useState(0);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const days = daysOf(mondayOf(new Date(), weeks));
  const query = useQuery({
    queryKey: ["team", desk],
    queryFn: () => answer(api.GET("/v1/desk/team", { params: { query: { desk } } })),
    refetchInterval: AGAIN_MS,
  });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Frame
      title={said.title}
      about={said.about(zone)}
      actions={
        <>
          <Button onClick={() => setWanted({ agents: [], days: [] })}>{said.plan}</Button>
          <Anchor component={Link} href={`/supervisor?${new URLSearchParams({ desk })}`}>
            {said.wall}
          </Anchor>
        </>
      }
    >
      <Group align="flex-end">
        <DeskPick value={desk} onPick={(one) => ask({ desk: one }, { replace: true })} />
        <TextInput
          label={said.find}
          type="search"
          maxLength={100}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
        <Group gap={4}>
          {/* What is over is not kept with an agent: no week before this one. */}
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={said.before}
            disabled={weeks === 0}
            onClick={() => setWeeks(weeks - 1)}
          >
            <span aria-hidden>‹</span>
          </ActionIcon>
          <Text role="status">{weekWord(days, said, (one) => day(one, language))}</Text>
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={said.after}
            onClick={() => setWeeks(weeks + 1)}
          >
            <span aria-hidden>›</span>
          </ActionIcon>
        </Group>
      </Group>
      <Asked query={query}>
        {({ items, more }) =>
          items.length === 0 ? (
            <Empty title={said.nobody} hint={said.nobodyWhy} />
          ) : (
            <>
              <WeekGrid desk={desk} mates={items} days={days} find={find} onPlan={setWanted} />
              {more && <Text c="dimmed">{said.onlyFirst}</Text>}
              {wanted && (
                <PlanShifts
                  desk={desk}
                  mates={items}
                  days={days}
                  wanted={wanted}
                  onClose={() => setWanted(null)}
                />
              )}
            </>
          )
        }
      </Asked>
    </Frame>
  );
}

function weekWord(
  days: readonly Date[],
  said: { week: (from: string, to: string) => string },
  word: (one: Date) => string,
): string {
  const [first, last] = [days[0], days.at(-1)];
  return first && last ? said.week(word(first), word(last)) : "";
}
