import { Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { WallAgentShape } from "../../api/schema";
import { ahead } from "../../shared/format";
import { useNow } from "../../shared/useNow";
import { useLanguage, useWords } from "../../shared/words";
import { Asked } from "../admin/common/Asked";
import { Wide } from "../admin/common/Wide";
import { useCode } from "../desk/useCode";
import { CaseActions } from "./CaseActions";
import { whose } from "./Silent";
import { words } from "./words";

const SHOWN = 10;
const AGAIN_MS = 15_000;

/** The cases whose next deadline passes first, waiting or in hand. */
export function Pressing({ desk, agents }: { desk: string; agents: WallAgentShape[] }) {
  const said = useWords(words);
  const code = useCode();
  const { language } = useLanguage();
  const now = useNow();
  const query = useQuery({
    queryKey: ["wall", "pressing", desk],
    queryFn: () =>
      answer(api.GET("/v1/desk/wall/pressing", { params: { query: { desk, limit: SHOWN } } })),
    refetchInterval: AGAIN_MS,
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.pressing}
      </Title>
      <Asked query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{said.noPressing}</Text>
          ) : (
            <Wide label={said.pressing} head={[said.case, said.agent, said.due, said.actions]}>
              {items.map((row) => (
                <Table.Tr key={`${row.conversation}/${row.case}`}>
                  <Table.Th scope="row">{code(row.issue)}</Table.Th>
                  <Table.Td>{row.agent ? whose(row.agent, agents) : said.nobody}</Table.Td>
                  <Table.Td>{ahead(row.due_at, now, language)}</Table.Td>
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
