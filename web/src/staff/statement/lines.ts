// A month's statement, page by page, and where all of it is.
import { useInfiniteQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";

export type Asked = { party: string; currency: string; since: string; until: string };

const LIMIT = 100;

export function useStatement(asked: Asked) {
  return useInfiniteQuery({
    queryKey: ["statement", asked],
    enabled: asked.currency !== "",
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => page(asked, pageParam),
    getNextPageParam: (last) => last.lines.next ?? undefined,
  });
}

/** Where all of the month is had as a file, for a spreadsheet. */
export function csvHref({ party, ...query }: Asked): string {
  return `/v1/desk/parties/${party}/statement?${new URLSearchParams({ ...query, format: "csv" })}`;
}

function page({ party, ...query }: Asked, cursor: string | undefined) {
  return answer(
    api.GET("/v1/desk/parties/{party}/statement", {
      params: {
        path: { party },
        query: { ...query, limit: LIMIT, ...(cursor ? { cursor } : {}) },
      },
    }),
  );
}
