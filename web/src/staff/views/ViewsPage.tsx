import { Button, Group, Loader, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { answer, api } from "../../api/client";
import type { CaseFilter, ViewShape } from "../../api/schema";
import { useLanguage, useWords } from "../../shared/words";
import { deskName } from "../desk/codes";
import { useSession } from "../session/session";
import { ProblemNote } from "../shell/ProblemNote";
import { BulkBar } from "./BulkBar";
import { CaseTable } from "./CaseTable";
import { FilterForm } from "./FilterForm";
import "./views.css";
import { words } from "./words";

const PAGE = 50;
const TRY_MS = 300;
const VIEWS = ["desk", "views"];

/** Filters over a desk's inbox: tried while they are made, kept by name, and acted on together. */
export default function ViewsPage() {
  const said = useWords(words);
  const { language } = useLanguage();
  const { desks } = useSession();
  const queries = useQueryClient();
  const [desk, setDesk] = useState(desks[0] ?? "platform");
  const [filter, setFilter] = useState<CaseFilter>({});
  const [view, setView] = useState<ViewShape | null>(null);
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [tried] = useDebouncedValue(filter, TRY_MS);

  const views = useQuery({
    queryKey: VIEWS,
    queryFn: () => answer(api.GET("/v1/desk/views")),
  });
  const found = useInfiniteQuery({
    queryKey: ["desk", "fitting", desk, tried],
    queryFn: ({ pageParam }) => {
      const body = { desk, filter: tried, limit: PAGE, cursor: pageParam || null };
      return answer(api.POST("/v1/desk/views/preview", { body }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
  const keep = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/v1/desk/views/{view}", {
          params: { path: { view: crypto.randomUUID() } },
          body: { seen: 0, desk, shared: false, view: { name: name.trim(), filter } },
        }),
      ),
    onSuccess: (kept) => {
      setView(kept);
      void queries.invalidateQueries({ queryKey: VIEWS });
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE("/v1/desk/views/{view}", { params: { path: { view: id } } })),
    onSuccess: () => {
      setView(null);
      void queries.invalidateQueries({ queryKey: VIEWS });
    },
  });

  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  const change = (changed: CaseFilter) => {
    setFilter(changed);
    setChosen(new Set());
  };
  const pick = (id: string | null) => {
    const one = views.data?.items.find((saved) => saved.id === id) ?? null;
    setView(one);
    setName(one?.view.name ?? "");
    if (one) setDesk(one.desk);
    change(one?.view.filter ?? {});
  };
  return (
    <Stack p="md" className="views-page">
      <Title order={1} size="h4">
        {said.title}
      </Title>
      <Group align="end" gap="sm">
        <Select
          size="xs"
          label={said.view}
          placeholder={said.noView}
          clearable
          value={view?.id ?? null}
          data={(views.data?.items ?? []).map((one) => ({
            value: one.id,
            label: one.shared ? said.shared(one.view.name) : one.view.name,
          }))}
          onChange={pick}
        />
        {desks.length > 1 && (
          <Select
            size="xs"
            label={said.desk}
            allowDeselect={false}
            value={desk}
            data={desks.map((value) => ({ value, label: deskName(value, language) }))}
            onChange={(wanted) => wanted && setDesk(wanted)}
          />
        )}
      </Group>
      <FilterForm filter={filter} onChange={change} />
      <Group align="end" gap="sm">
        <TextInput
          size="xs"
          label={said.name}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button
          size="xs"
          variant="default"
          disabled={!name.trim()}
          loading={keep.isPending}
          onClick={() => keep.mutate()}
        >
          {said.save}
        </Button>
        {view && !view.shared && (
          <Button size="xs" variant="subtle" color="red" onClick={() => remove.mutate(view.id)}>
            {said.remove}
          </Button>
        )}
        <Text size="xs" role="status">
          {keep.isSuccess && view ? said.saved : ""}
        </Text>
      </Group>
      {[views.error, found.error, keep.error, remove.error].map(
        (error) => error && <ProblemNote key={error.message} error={error} />,
      )}
      <BulkBar
        rows={rows}
        chosen={chosen}
        onDone={() => {
          setChosen(new Set());
          void queries.invalidateQueries({ queryKey: ["desk", "fitting"] });
        }}
      />
      {found.isPending ? (
        <Loader size="sm" aria-label={said.loading} />
      ) : (
        <CaseTable rows={rows} chosen={chosen} onChoose={setChosen} whole={!found.hasNextPage} />
      )}
      {found.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {said.more}
        </Button>
      )}
    </Stack>
  );
}
