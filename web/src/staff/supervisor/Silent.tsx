import { Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { WallAgentShape } from "../../api/schema";
import { useNow } from "../../shared/useNow";
import { useLanguage, useWords } from "../../shared/words";
import { Asked } from "../admin/common/Asked";
import { Wide } from "../admin/common/Wide";
import { useCode } from "../desk/useCode";
import { CaseActions } from "./CaseActions";
import { nameOf, waited } from "./wall";
import { words } from "./words";

const SHOWN = 10;
const AGAIN_MS = 15_000;

/** In whose hands a consumer waits longest for a word, before it becomes a breach. */
export function Silent({ desk, agents }: { desk: string; agents: WallAgentShape[] }) {
  const said = useWords(words);
  const code = useCode();
  const { language } = useLanguage();
  const now = useNow();
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
            <Wide label={said.silent} head={[said.agent, said.case, said.since, said.actions]}>
              {items.map(({ case: row, since }) => (
                <Table.Tr key={`${row.conversation}/${row.case}`}>
                  <Table.Th scope="row">{whose(row.agent, agents)}</Table.Th>
                  <Table.Td>{code(row.issue)}</Table.Td>
                  <Table.Td>{waited(since, now, language)}</Table.Td>
                  <Table.Td>
                    <CaseActions desk={desk} row={row} agents={agents} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Wide>
          )
        }
      </Asked>
    </Stack>
  );
}

/** The agent's name, as far as the desk has them. */
export function whose(agent: string | null | undefined, agents: WallAgentShape[]): string {
  const found = agents.find((one) => one.id === agent);
  return found ? nameOf(found) : (agent ?? "").slice(0, 8);
}
