import { Anchor, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import type { AgentShape } from "../../../api/schema";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { hrefOf, keyOf } from "../../desk/address";
import { useCode } from "../../desk/useCode";
import { Asked } from "../common/Asked";
import { Wide } from "../common/Wide";
import { words } from "./words";

/** The cases in an agent's hands, the next due first. */
export function InHand({ agent }: { agent: AgentShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  const query = useQuery({
    queryKey: ["admin", "agent", agent.id, "work", agent.version],
    queryFn: () =>
      answer(api.GET("/v1/admin/agents/{agent}/work", { params: { path: { agent: agent.id } } })),
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.inHand}
      </Title>
      <Asked query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{said.nothingInHand}</Text>
          ) : (
            <Wide label={said.inHand} head={[said.case, said.stands, said.due]}>
              {items.map((one) => (
                <Table.Tr key={keyOf(one)}>
                  <Table.Td>
                    <Anchor component={Link} href={hrefOf(one)}>
                      {code(one.issue)}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>{code(one.status)}</Table.Td>
                  <Table.Td>{exactly(one.due_at, language)}</Table.Td>
                </Table.Tr>
              ))}
            </Wide>
          )
        }
      </Asked>
    </Stack>
  );
}
