import { Button, Checkbox, Group, Loader, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { useWords } from "../../shared/words";
import { ProblemNote } from "../shell/ProblemNote";
import { words } from "./words";

type Read = {
  error: unknown;
  isPending: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
};

type Props<T> = {
  title: string;
  empty: string;
  items: readonly T[];
  read: Read;
  keyOf: (item: T) => string;
  nameOf: (item: T) => string;
  row: (item: T) => ReactNode;
  /** Which can be chosen for an answer to many at once; without it none can. */
  choosing?: Choosing<T>;
};

export type Choosing<T> = {
  chosen: ReadonlySet<string>;
  choose: (keys: readonly string[], on: boolean) => void;
  can: (item: T) => boolean;
};

/** A list under its title: what is in it, or that nothing is and why; more of it on demand. */
export function WaitingList<T>({ title, empty, items, read, choosing, ...one }: Props<T>) {
  const said = useWords(words);
  const heading = useId();
  const possible = choosing ? items.filter(choosing.can).map(one.keyOf) : [];
  const all = possible.length > 0 && possible.every((key) => choosing?.chosen.has(key));
  return (
    <Stack component="section" gap="xs" aria-labelledby={heading}>
      <Group justify="space-between">
        <Title order={2} size="h4" id={heading}>
          {title}
        </Title>
        {choosing && possible.length > 1 && (
          <Checkbox
            label={said.selectAll}
            checked={all}
            indeterminate={!all && possible.some((key) => choosing.chosen.has(key))}
            onChange={() => choosing.choose(possible, !all)}
          />
        )}
      </Group>
      {read.error ? <ProblemNote error={read.error} /> : null}
      {read.isPending && !read.error && <Loader size="sm" />}
      {!read.isPending && !read.error && items.length === 0 && <Text c="dimmed">{empty}</Text>}
      {items.map((item) => (
        <Paper withBorder p="xs" key={one.keyOf(item)}>
          <Group wrap="nowrap" align="flex-start">
            {choosing && (
              <Checkbox
                // What cannot be chosen leaves the place free, so that the rows stand in line.
                {...(choosing.can(item) ? {} : { className: "unchoosable" })}
                disabled={!choosing.can(item)}
                aria-label={said.select(one.nameOf(item))}
                checked={choosing.chosen.has(one.keyOf(item))}
                onChange={(event) =>
                  choosing.choose([one.keyOf(item)], event.currentTarget.checked)
                }
              />
            )}
            <div className="row">{one.row(item)}</div>
          </Group>
        </Paper>
      ))}
      {read.hasNextPage && (
        <Button
          variant="default"
          loading={read.isFetchingNextPage}
          onClick={() => void read.fetchNextPage()}
        >
          {said.more}
        </Button>
      )}
    </Stack>
  );
}
