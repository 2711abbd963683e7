import { Button, Loader, Tabs, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useMemo, useState } from "react";
import type { DeskLists, ListedShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { useViews } from "../../views/useViews";
import { useCommand } from "../keys/commands";
import { ChosenBar } from "./ChosenBar";
import { EmptyList } from "./EmptyList";
import { HandingOver } from "./HandingOver";
import "./list.css";
import { MentionsMenu } from "./MentionsMenu";
import { PresenceSwitch } from "./PresenceSwitch";
import { useChosen } from "./useChosen";
import { beginningOf, useBeginning, usePaged } from "./usePaged";
import { useResolved } from "./useResolved";
import { useSteady } from "./useSteady";
import { useTakeNext } from "./useTakeNext";
import { ViewSwitch } from "./ViewSwitch";
import { VirtualRows } from "./VirtualRows";
import { words } from "./words";

type List = "mine" | "next" | "followUps" | "waiting" | "asked" | "resolved";
const LISTS: readonly List[] = ["mine", "next", "followUps", "waiting", "asked", "resolved"];

type Props = {
  lists: DeskLists | undefined;
  error: unknown;
  current: string | null;
  onLook: (row: ListedShape) => void;
};

/** What is mine, what may come, what was mine: six lists, one at a time. */
export function ListPane({ lists, error, current, onLook }: Props) {
  const said = useWords(words);
  const [kept, setList] = useLocalStorage<List>({
    key: "oncedesk.desk.list",
    defaultValue: "mine",
    getInitialValueInEffect: false,
  });
  const list = LISTS.includes(kept) ? kept : "mine";
  const [hand, setHand] = useState(false);
  const [picked, setView] = useState<string | null>(null);
  const { data: views } = useViews();
  // One that somebody has removed meanwhile shows nothing any more.
  const view = views?.items.find((one) => one.id === picked)?.id ?? null;
  const { take, taking } = useTakeNext();
  const { chosen, choosing, choose, keep, stop } = useChosen();
  const show = (wanted: List) => {
    setView(null);
    setList(wanted);
    stop();
  };
  useCommand({ id: "next", name: said.takeNext, letter: "n", run: take });

  const paging = list === "next" || list === "asked" ? list : null;
  const viewed = useMemo(() => (view ? { view } : null), [view]);
  const long = viewed ?? paging;
  const beginning = useBeginning(view);
  const rowsNow = paging ? lists?.[paging] : undefined;
  const begins = useMemo(() => rowsNow && beginningOf(rowsNow), [rowsNow]);
  const paged = usePaged(long, view ? beginning : begins, hand);
  const done = useResolved(!viewed && list === "resolved", lists);
  const whole = long ? undefined : list === "resolved" ? done.resolved : lists && held(lists, list);
  const steady = useSteady(list, whole, hand);
  const { shown, fresh, takeIn } = long ? paged : steady;
  const failed = error ?? (long ? paged.error : list === "resolved" ? done.error : null);
  const ready = long ? paged.ready : whole !== undefined;
  const rows = useMemo(() => shown.map(({ row }) => row), [shown]);

  return (
    <>
      <div className="list-head">
        <PresenceSwitch />
        <HandingOver lists={lists} />
        <Button fullWidth size="xs" loading={taking} onClick={take}>
          {said.takeNext}
        </Button>
        {lists?.mentioned && <MentionsMenu />}
        <ViewSwitch
          views={views?.items ?? []}
          chosen={view}
          onChosen={(wanted) => {
            setView(wanted);
            stop();
          }}
        />
        <Tabs value={list} onChange={(wanted) => show(wanted as List)} keepMounted={false}>
          <Tabs.List aria-label={said.panes} className="list-tabs">
            {LISTS.map((one) => (
              <Tabs.Tab key={one} value={one} px={5} py={6}>
                {said[one]}
                {lists && counted(lists, one)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {LISTS.map((one) => (
            // The rows stand below, in a place of their own that scrolls.
            <Tabs.Panel key={one} value={one}>
              {null}
            </Tabs.Panel>
          ))}
        </Tabs>
      </div>
      {failed !== null && failed !== undefined && <ProblemNote error={failed} />}
      <div
        className="rows-place"
        onPointerEnter={() => setHand(true)}
        onPointerLeave={() => setHand(false)}
      >
        {!ready && !failed && <Loader m="md" size="sm" role="status" aria-label={said.loading} />}
        {ready && shown.length === 0 && (
          <EmptyList
            what={view ? said.viewNone : said[`${list}None`]}
            why={view ? said.viewNoneWhy : said[`${list}NoneWhy`]}
          />
        )}
        {shown.length > 0 && (
          <VirtualRows
            label={view ? said.views : said[list]}
            rows={shown}
            current={current}
            more={long ? paged.more : null}
            onLook={onLook}
            chosen={chosen}
            onChoose={choose}
          />
        )}
      </div>
      {long && paged.cut && (
        <>
          <ProblemNote error={paged.cut.error} />
          <Button
            variant="default"
            size="compact-xs"
            loading={paged.cut.busy}
            onClick={() => void paged.cut?.again()}
          >
            {said.readOn}
          </Button>
        </>
      )}
      <div aria-live="polite" className="pill-place">
        {fresh > 0 && (
          <Button size="compact-xs" radius="xl" onClick={() => takeIn()} className="pill">
            {said.fresh(fresh)}
          </Button>
        )}
      </div>
      {choosing && <ChosenBar rows={rows} chosen={chosen} onDone={keep} onClose={stop} />}
      <Text size="xs" className="quiet" px="xs" py={2} visibleFrom="sm">
        {said.moving}
      </Text>
    </>
  );
}

/** How many are in hand; of what waits elsewhere nothing is counted. */
function counted(lists: DeskLists, list: List): string {
  if (list === "next" || list === "asked" || list === "resolved") return "";
  const count = held(lists, list).length;
  return count > 0 ? ` ${count}` : "";
}

function held(lists: DeskLists, list: Exclude<List, "resolved">): readonly ListedShape[] {
  return list === "followUps" ? lists.follow_ups : lists[list];
}
