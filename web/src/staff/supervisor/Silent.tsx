import { Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api } from "../../api/client";
import type { SilenceShape, WallAgentShape } from "../../api/schema";
import { useNow } from "../../shared/useNow";
import { useLanguage, useWords } from "../../shared/words";
import { Asked } from "../admin/common/Asked";
import { Wide } from "../admin/common/Wide";
import { keyOf } from "../desk/address";
import { CaseActions, type CasesProps } from "./CaseActions";
import { CaseCell } from "./CaseCell";
import { useStill } from "./useStill";
import { nameOf, waited } from "./wall";
import { words } from "./words";

const SHOWN = 10;
const AGAIN_MS = 15_000;

/** In whose hands a consumer waits longest for a word, before it becomes a breach. */
export function Silent({ desk, agents, onWhisper }: CasesProps) {
  const said = useWords(words);
  const query = useQuery({
    queryKey: ["wall", "silent", desk],
    queryFn: () =>
      answer(api.GET("/v1/desk/wall/silent", { params: { query: { desk, limit: SHOWN } } })),
    refetchInterval: AGAIN_MS,
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.silent}
      </Title>
      <Asked query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{said.noSilent}</Text>
          ) : (
            <Rows items={items} {...{ desk, agents, onWhisper }} />
          )
        }
      </Asked>
    </Stack>
  );
}

type RowsProps = CasesProps & { items: readonly SilenceShape[] };

function Rows({ items, desk, agents, onWhisper }: RowsProps) {
  const said = useWords(words);
  const { language } = useLanguage();
  const now = useNow();
  const rows = useMemo(() => items.map(({ case: row, since }) => ({ ...row, since })), [items]);
  const { shown, over } = useStill(rows);
  return (
    <div {...over}>
      <Wide label={said.silent} head={[said.agent, said.case, said.since, said.actions]}>
        {shown.map(({ row, gone }) => (
          <Table.Tr key={keyOf(row)} td={gone ? "line-through" : undefined}>
            <Table.Th scope="row">{whose(row.agent, agents)}</Table.Th>
            <Table.Td>
              <CaseCell row={row} />
            </Table.Td>
            <Table.Td>{waited(row.since, now, language)}</Table.Td>
            <Table.Td>
              <CaseActions {...{ desk, row, agents, onWhisper }} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Wide>
    </div>
  );
}

/** The agent's name, as far as the desk has them. */
export function whose(agent: string | null | undefined, agents: readonly WallAgentShape[]): string {
  const found = agents.find((one) => one.id === agent);
  return found ? nameOf(found) : (agent ?? "").slice(0, 8);
}
