import { Anchor, Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { DeskName } from "../../names/DeskName";
import { Asked, More, usePages } from "../common/Asked";
import { Wide } from "../common/Wide";
import { words } from "./words";

/** Who could see what of a consumer in clear, when and why; the earliest first. */
export function Reveals({ consumer }: { consumer: string }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const query = usePages(["admin", "reveals", consumer], (cursor) =>
    answer(
      api.GET("/v1/admin/consumers/{consumer}/reveals", {
        params: { path: { consumer }, query: cursor ? { cursor } : {} },
      }),
    ),
  );
  const word = (code: string) => (said as Record<string, unknown>)[code];
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.reveals}
      </Title>
      <Asked query={query}>
        {(items) =>
          items.length === 0 ? (
            <Text>{said.noReveals}</Text>
          ) : (
            <Wide label={said.reveals} head={[said.when, said.who, said.what, said.why]}>
              {items.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td>{exactly(one.at, language)}</Table.Td>
                  <Table.Td>
                    <Anchor component={Link} href={`/admin/agents/${one.agent}`}>
                      {one.agent.slice(0, 8)}
                    </Anchor>{" "}
                    <DeskName desk={one.desk} />
                  </Table.Td>
                  <Table.Td>{String(word(one.field) ?? one.field)}</Table.Td>
                  <Table.Td>{String(word(one.reason) ?? one.reason)}</Table.Td>
                </Table.Tr>
              ))}
            </Wide>
          )
        }
      </Asked>
      <More query={query} />
    </Stack>
  );
}
