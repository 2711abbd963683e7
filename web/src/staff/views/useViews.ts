// The saved views of whoever looks, and what fits a filter now.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { CaseFilter } from "../../api/schema";

export const VIEWS = ["desk", "views"];
export const FITTING = ["desk", "fitting"];

const PAGE = 50;
/** Of what others do here nothing is told as it happens: so often a page that is open looks. */
export const LOOK_MS = 20_000;
const VIEWS_MS = 60_000;

export function useViews() {
  return useQuery({
    queryKey: VIEWS,
    queryFn: () => answer(api.GET("/v1/desk/views")),
    refetchInterval: VIEWS_MS,
  });
}

/** Page by page; a page may be short, or empty, and yet have a next one. */
export function useFitting(desk: string, filter: CaseFilter) {
  return useInfiniteQuery({
    queryKey: [...FITTING, desk, filter],
    queryFn: ({ pageParam }) => {
      const body = { desk, filter, limit: PAGE, cursor: pageParam || null };
      return answer(api.POST("/v1/desk/views/preview", { body }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: LOOK_MS,
  });
}
