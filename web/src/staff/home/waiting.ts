// What waits for the desk, page by page; pages that were shown stay as new ones come.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";

const REFRESH_MS = 20_000;

type Paged = { next?: string | null };

const paging = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: Paged) => last.next ?? undefined,
  refetchInterval: REFRESH_MS,
  // Another day asks anew; until it is answered nothing moves.
  placeholderData: keepPreviousData,
};

const behind = (cursor: string | undefined) => (cursor ? { cursor } : {});

export function useRemediesDue(desk: string, until: string) {
  return useInfiniteQuery({
    queryKey: ["home", desk, "remedies", until],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/v1/desk/home/remedies", {
          params: { query: { desk, until, ...behind(pageParam) } },
        }),
      ),
    ...paging,
  });
}

export function useCasesDue(desk: string, until: string) {
  return useInfiniteQuery({
    queryKey: ["home", desk, "cases", until],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/v1/desk/home/cases", {
          params: { query: { desk, until, ...behind(pageParam) } },
        }),
      ),
    ...paging,
  });
}

export type Following = "returning" | "with_platform" | "decided";

export function useFollowed(desk: string, of: Following) {
  return useInfiniteQuery({
    queryKey: ["home", desk, "followed", of],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/v1/desk/home/followed", {
          params: { query: { desk, of, ...behind(pageParam) } },
        }),
      ),
    ...paging,
  });
}
