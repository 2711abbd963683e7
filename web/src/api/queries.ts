import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** Whether the first answer to any of these is on its way. It is waited for, not asked for anew,
 * where it is invalidated meanwhile. */
export function isFirstAsked(queries: QueryClient, queryKey: QueryKey): boolean {
  const predicate = ({ state }: { state: { data: unknown } }) => state.data === undefined;
  return queries.isFetching({ queryKey, predicate }) > 0;
}
