import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { answer, api } from "../../../api/client";
import type { DeskLists } from "../../../api/schema";

const AGAIN_MS = 3_000;
const RESOLVED = ["desk", "resolved"];

/** What I have resolved last, while it is `wanted`; what is done changes my lists, and so this. */
export function useResolved(wanted: boolean, lists: DeskLists | undefined) {
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey: RESOLVED,
    queryFn: () => answer(api.GET("/v1/desk/list/resolved")),
    enabled: wanted,
    // It is there some seconds after it was resolved.
    refetchInterval: AGAIN_MS,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that they are others
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: RESOLVED });
  }, [queries, lists]);
  return { resolved: data?.items, error: data === undefined ? error : null };
}
