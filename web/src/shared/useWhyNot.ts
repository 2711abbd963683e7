import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";

/** What is asked of the service, as far as it matters whether it could be read. */
export type Read<T> = Pick<
  UseQueryResult<T>,
  "data" | "error" | "errorUpdateCount" | "isFetching"
> & { refetch: () => unknown };

/** Why it could not be read, until it can: also while it is asked for again, which happens by itself
 * every few seconds, so that nothing comes and goes under a hand. */
export function useWhyNot({ data, error, errorUpdateCount }: Read<unknown>): Error | null {
  const [last, setLast] = useState(error);
  if (error && error !== last) setLast(error);
  return data === undefined && errorUpdateCount > 0 ? last : null;
}
