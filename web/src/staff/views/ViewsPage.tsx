import { Button, Group, Loader, Select, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { answer, api } from "../../api/client";
import type { CaseFilter, ViewShape } from "../../api/schema";
import { useWords } from "../../shared/words";
import { Confirm } from "../admin/common/Confirm";
import { Do } from "../admin/common/Do";
import { Frame } from "../common/Frame";
import { useDeskNames } from "../names/useDeskNames";
import { useSession } from "../session/session";
import { ProblemNote } from "../shell/ProblemNote";
import { BulkBar } from "./BulkBar";
import { CaseTable } from "./CaseTable";
import { FilterForm } from "./FilterForm";
import { KeepView, useLeads } from "./KeepView";
import { lookedAt, lookingAt } from "./lookedAt";
import { FITTING, useFitting, useViews, VIEWS } from "./useViews";
import "./views.css";
import { words } from "./words";

const TRY_MS = 300;

/** Filters over a desk's inbox: tried while they are made, kept by name, and acted on together. */
export default function ViewsPage() {
  const said = useWords(words);
  const { desks } = useSession();
  const deskName = useDeskNames(desks);
  const leads = useLeads();
  const queries = useQueryClient();
  const [before] = useState(lookedAt);
  const [desk, setDesk] = useState(before.desk ?? desks[0] ?? "platform");
  const [filter, setFilter] = useState<CaseFilter>(before.filter ?? {});
  const [view, setView] = useState<ViewShape | null>(before.view ?? null);
  const [chosenAt, setChosenAt] = useState(Date.now);
  useEffect(() => lookingAt({ desk, filter, view }), [desk, filter, view]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [tried] = useDebouncedValue(filter, TRY_MS);
  const views = useViews();
  const found = useFitting(desk, tried);
  const remove = async (id: string) => {
    await answer(api.DELETE("/v1/desk/views/{view}", { params: { path: { view: id } } }));
    setView(null);
    await queries.invalidateQueries({ queryKey: VIEWS });
  };

  // Whoever looks at what was kept looks at it as it was kept last.
  const latest = views.data?.items.find((one) => one.id === view?.id);
  if (view && latest && latest.version > view.version) {
    setView(latest);
    setFilter(latest.view.filter);
  }
  // What it filtered by is looked at still, under no name, where somebody has taken it away.
  if (view && views.data && !latest && views.dataUpdatedAt > chosenAt && !views.isFetching)
    setView(null);

  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  const change = (changed: CaseFilter) => {
    setFilter(changed);
    setChosen(new Set());
  };
  // What was changed by hand is no longer what was kept under that name.
  const changeByHand = (changed: CaseFilter) => {
    setView(null);
    change(changed);
  };
  const look = (wanted: string) => {
    setView(null);
    setDesk(wanted);
    setChosen(new Set());
  };
  const pick = (id: string | null) => {
    const one = views.data?.items.find((saved) => saved.id === id) ?? null;
    setView(one);
    setChosenAt(Date.now());
    if (one) setDesk(one.desk);
    change(one?.view.filter ?? {});
  };
  const keptViews = views.data?.items ?? [];
  const options =
    view && !keptViews.some((one) => one.id === view.id) ? [...keptViews, view] : keptViews;
  return (
    <Frame
      title={said.title}
      about={said.about}
      actions={
        <>
          {desks.length > 1 && (
            <Select
              size="xs"
              label={said.desk}
              allowDeselect={false}
              value={desk}
              data={desks.map((value) => ({ value, label: deskName(value) }))}
              onChange={(wanted) => wanted && look(wanted)}
            />
          )}
          <Select
            size="xs"
            label={said.view}
            placeholder={said.noView}
            clearable
            clearButtonProps={{ "aria-label": said.noView }}
            value={view?.id ?? null}
            data={options.map((one) => ({
              value: one.id,
              label: one.shared ? said.shared(one.view.name) : one.view.name,
            }))}
            onChange={pick}
          />
          {view?.shared && leads(view.desk) && (
            <Confirm
              label={said.remove}
              consequence={said.removeShared(view.view.name)}
              act={() => remove(view.id)}
              variant="default"
              size="xs"
            />
          )}
          {view && !view.shared && (
            <Do label={said.remove} act={() => remove(view.id)} variant="default" size="xs" />
          )}
          <KeepView
            desk={desk}
            filter={filter}
            onKept={(kept) => {
              setView(kept);
              setChosenAt(Date.now());
            }}
          />
        </>
      }
    >
      <FilterForm filter={filter} onChange={changeByHand} />
      {[views.error, found.error].map(
        (error) => error && <ProblemNote key={error.message} error={error} />,
      )}
      {found.isPending ? (
        <Loader size="sm" role="status" aria-label={said.loading} />
      ) : found.data === undefined ? null : (
        <CaseTable
          key={JSON.stringify([desk, tried])}
          rows={rows}
          chosen={chosen}
          onChoose={setChosen}
          whole={!found.hasNextPage}
        />
      )}
      {found.hasNextPage && (
        <Group>
          <Button
            size="xs"
            variant="default"
            loading={found.isFetchingNextPage}
            onClick={() => void found.fetchNextPage()}
          >
            {said.more}
          </Button>
          <Text size="xs" c="dimmed">
            {said.shown(rows.length)}
          </Text>
        </Group>
      )}
      <BulkBar
        rows={rows}
        chosen={chosen}
        onDone={(failed) => {
          setChosen(failed);
          void queries.invalidateQueries({ queryKey: FITTING });
        }}
        onClear={() => setChosen(new Set())}
      />
    </Frame>
  );
}
