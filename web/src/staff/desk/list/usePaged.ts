import {
  type InfiniteData,
  type QueryClient,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { answer, api } from "../../../api/client";
import type { ListedShape, PageListedShape } from "../../../api/schema";
import { LOOK_MS } from "../../views/useViews";
import { keyOf } from "../address";
import { type Shown, stayed } from "./settle";

const PAGE = 100;
const TOP = 30;
const BEGINNING = ["desk", "beginning"];

/** Two of the lists, or a saved view by its id. */
export type Paged = "next" | "asked" | { view: string };
type Held = {
  name: string | null;
  taken: number;
  now: readonly Shown[];
  hand: boolean;
  shown: readonly Shown[];
};
type Pages = InfiniteData<PageListedShape, string>;
/** How a list begins now; `whole`: it is all there is. */
export type Beginning = { rows: readonly ListedShape[]; whole: boolean };

/** One that is told as it happens: if it is not full it is all there is. */
export function beginningOf(rows: readonly ListedShape[]): Beginning {
  return { rows, whole: rows.length < TOP };
}

/** How a saved view begins: it is looked at from time to time, as nobody tells of it. */
export function useBeginning(view: string | null): Beginning | undefined {
  const { data } = useQuery({
    queryKey: [...BEGINNING, view],
    enabled: view !== null,
    queryFn: () => {
      const path = { view: view ?? "" };
      return answer(
        api.GET("/v1/desk/views/{view}/cases", { params: { path, query: { limit: TOP } } }),
      );
    },
    refetchInterval: LOOK_MS,
    select: told,
  });
  return data;
}

function told(page: PageListedShape): Beginning {
  return { rows: page.items, whole: !page.next };
}

/**
 * A list that may be very long, page by page; `top` is its beginning as it is now. Whatever has left
 * the beginning goes, or is marked while a hand is there; what is new there is only counted until it
 * is asked for. A beginning in which nothing is known any more is asked for at once.
 */
export function usePaged(list: Paged | null, top: Beginning | undefined, hand: boolean) {
  const queries = useQueryClient();
  const name = typeof list === "object" && list ? list.view : list;
  const key = useMemo(() => ["desk", "pages", name], [name]);
  const query = useInfiniteQuery({
    queryKey: key,
    enabled: list !== null,
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      if (typeof list === "object" && list) {
        const path = { view: list.view };
        return answer(api.GET("/v1/desk/views/{view}/cases", { params: { path, query } }));
      }
      return list === "asked"
        ? answer(api.GET("/v1/desk/list/asked", { params: { query } }))
        : answer(api.GET("/v1/desk/list/next", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } =
    query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  const [taken, setTaken] = useState(0);
  const takeIn = useCallback(async () => {
    queries.setQueryData<Pages>(
      key,
      (held) => held && { pages: held.pages.slice(0, 1), pageParams: held.pageParams.slice(0, 1) },
    );
    // What was known of how it begins is older than what is asked for now.
    void queries.resetQueries({ queryKey: [...BEGINNING, name] });
    await queries.invalidateQueries({ queryKey: key });
    setTaken((before) => before + 1);
  }, [queries, key, name]);
  const lost = rows !== undefined && top !== undefined && isLost(rows, top);
  useEffect(() => {
    if (lost && !hand) void takeIn();
  }, [lost, hand, takeIn]);

  const now = useMemo(() => marked(rows ?? [], top), [rows, top]);
  const [held, setHeld] = useState<Held>(() => ({
    name,
    taken,
    now,
    hand,
    shown: stayed([], now, hand),
  }));
  let current = held;
  if (held.name !== name || held.taken !== taken) {
    current = { name, taken, now, hand, shown: stayed([], now, hand) };
  } else if (held.now !== now || held.hand !== hand) {
    current = { name, taken, now, hand, shown: stayed(held.shown, now, hand) };
  }
  if (current !== held) setHeld(current);
  return {
    shown: current.shown,
    fresh: useMemo(() => (rows && top ? unknown(rows, top) : 0), [rows, top]),
    error: rows === undefined ? error : null,
    ready: rows !== undefined,
    // What follows and could not be read is asked for again by whoever wants it.
    more: hasNextPage && !isFetchingNextPage && !isFetchNextPageError ? fetchNextPage : null,
    cut: isFetchNextPageError ? { error, again: fetchNextPage, busy: isFetchingNextPage } : null,
    takeIn,
  };
}

/** What stands in saved views, after something was done: of those nothing is told as it happens. */
export function viewsAgain(queries: QueryClient): void {
  // What was known of how one begins is older than what is asked for now.
  void queries.resetQueries({ queryKey: BEGINNING });
  void queries.invalidateQueries({
    queryKey: ["desk", "pages"],
    predicate: ({ queryKey }) => queryKey[2] !== "next" && queryKey[2] !== "asked",
  });
}

/** Whether so much has happened that of none of these rows it is known whether it is still there. */
function isLost(rows: readonly ListedShape[], top: Beginning): boolean {
  const loaded = new Set(rows.map(keyOf));
  const says = !top.whole && top.rows.length > 0;
  return says && rows.length > 0 && !top.rows.some((row) => loaded.has(keyOf(row)));
}

function marked(rows: readonly ListedShape[], top: Beginning | undefined): readonly Shown[] {
  if (!top) return rows.map((row) => ({ row, gone: false }));
  const latest = new Map(top.rows.map((row) => [keyOf(row), row]));
  const end = top.whole ? rows.length : rows.findLastIndex((row) => latest.has(keyOf(row)));
  return rows.map((row, index) => {
    const now = latest.get(keyOf(row));
    return { row: now ?? row, gone: now === undefined && index < end };
  });
}

function unknown(rows: readonly ListedShape[], top: Beginning): number {
  const known = new Set(rows.map(keyOf));
  return top.rows.filter((row) => !known.has(keyOf(row))).length;
}
