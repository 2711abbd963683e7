import { Button, Skeleton, Stack } from "@mantine/core";
import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Read, useWhyNot } from "../../../shared/useWhyNot";
import { useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { words } from "./words";

/** What was asked for, once it is there; meanwhile its place, and otherwise why not. */
export function Asked<T>({
  query,
  children,
}: {
  query: Read<T>;
  children: (data: T) => ReactNode;
}) {
  const said = useWords(words);
  const why = useWhyNot(query);
  if (query.data !== undefined) return children(query.data);
  if (why) {
    return (
      <Stack align="flex-start" gap="xs">
        <ProblemNote error={why} />
        <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
          {said.again}
        </Button>
      </Stack>
    );
  }
  return (
    <Stack aria-busy aria-label={said.loading} role="status">
      <Skeleton h={24} />
      <Skeleton h={24} />
      <Skeleton h={24} w="60%" />
    </Stack>
  );
}

type Page<T> = { items: T[]; next?: string | null };

/** A list that comes in pages, and goes on where somebody asks for more; read again so often. */
export function usePages<T>(
  key: readonly string[],
  read: (cursor?: string) => Promise<Page<T>>,
  everyMs: number | false = false,
) {
  return useInfiniteQuery<Page<T>, Error, T[], readonly string[], string | undefined>({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    select: (found: InfiniteData<Page<T>, string | undefined>) =>
      found.pages.flatMap((page) => page.items),
    refetchInterval: everyMs,
  });
}

/** Asks for the next page; nothing where there is none. */
export function More({
  query,
}: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  const said = useWords(words);
  if (!query.hasNextPage) return null;
  return (
    <Button
      variant="default"
      loading={query.isFetchingNextPage}
      onClick={() => query.fetchNextPage()}
    >
      {said.more}
    </Button>
  );
}
