import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { answer, api } from "../../../api/client";
import type { ListedShape, PageListedShape } from "../../../api/schema";
import { keyOf } from "../address";
import type { Shown } from "./settle";

const PAGE = 100;
const TOP = 30;

/** Two of the lists, or a saved view by its id. */
export type Paged = "next" | "asked" | { view: string };
type Pages = InfiniteData<PageListedShape, string>;

/**
 * A list that may be very long, page by page; `top` is its beginning as it is now. Whatever has left
 * the beginning is marked, what is new there is only counted until it is asked for.
 */
export function usePaged(list: Paged | null, top: readonly ListedShape[] | undefined) {
  const queries = useQueryClient();
  const name = typeof list === "object" && list ? list.view : list;
  const key = useMemo(() => ["desk", "pages", name], [name]);
  const { data, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
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
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  const takeIn = useCallback(async () => {
    queries.setQueryData<Pages>(
      key,
      (held) => held && { pages: held.pages.slice(0, 1), pageParams: held.pageParams.slice(0, 1) },
    );
    await queries.invalidateQueries({ queryKey: key });
  }, [queries, key]);
  return {
    shown: useMemo(() => marked(rows ?? [], top), [rows, top]),
    fresh: useMemo(() => (rows && top ? unknown(rows, top) : 0), [rows, top]),
    ready: rows !== undefined,
    more: hasNextPage && !isFetchingNextPage ? fetchNextPage : null,
    takeIn,
  };
}

function marked(
  rows: readonly ListedShape[],
  top: readonly ListedShape[] | undefined,
): readonly Shown[] {
  if (!top) return rows.map((row) => ({ row, gone: false }));
  const latest = new Map(top.map((row) => [keyOf(row), row]));
  // A beginning that is not full is all there is.
  const end = top.length < TOP ? rows.length : rows.findLastIndex((row) => latest.has(keyOf(row)));
  return rows.map((row, index) => {
    const now = latest.get(keyOf(row));
    return { row: now ?? row, gone: now === undefined && index < end };
  });
}

function unknown(rows: readonly ListedShape[], top: readonly ListedShape[]): number {
  const known = new Set(rows.map(keyOf));
  return top.filter((row) => !known.has(keyOf(row))).length;
}
