import { Stack, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { WallCaseShape } from "../../api/schema";
import { useNow } from "../../shared/useNow";
import type { Read } from "../../shared/useWhyNot";
import { Asked } from "../admin/common/Asked";
import { Wide } from "../admin/common/Wide";
import { keyOf } from "../desk/address";
import { CaseActions, type CasesProps } from "./CaseActions";
import { useStill } from "./useStill";

export const WATCHED = 10;
export const AGAIN_MS = 15_000;

type Told<R> = { head: string[]; cells: (row: R, now: number) => ReactNode };
type Props<R> = CasesProps &
  Told<R> & {
    title: string;
    none: string;
    query: Read<{ items: R[] }>;
  };

/** A few cases on the wall as they are now: what `cells` tell of each, and what can be done about it. */
export function Watched<R extends WallCaseShape>({ title, none, query, ...about }: Props<R>) {
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {title}
      </Title>
      <Asked query={query}>
        {({ items }) =>
          items.length === 0 ? <Text>{none}</Text> : <Rows {...{ items, title }} {...about} />
        }
      </Asked>
    </Stack>
  );
}

type RowsProps<R> = CasesProps & Told<R> & { title: string; items: readonly R[] };

function Rows<R extends WallCaseShape>({ title, items, head, cells, ...cases }: RowsProps<R>) {
  const now = useNow();
  const { shown, over } = useStill(items);
  return (
    <div {...over}>
      <Wide label={title} head={head}>
        {shown.map(({ row, gone }) => (
          <Table.Tr key={keyOf(row)} td={gone ? "line-through" : undefined}>
            {cells(row, now)}
            <Table.Td>
              <CaseActions row={row} {...cases} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Wide>
    </div>
  );
}
