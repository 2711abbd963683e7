import { Checkbox, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Asked, More, usePages } from "../common/Asked";
import { Wide } from "../common/Wide";
import { words } from "./words";

/** What has to reach somebody outside and has not yet, the next to be tried first. */
export function WaitsToLeave() {
  const said = useWords(words);
  const { language } = useLanguage();
  const [failed, setFailed] = useState(false);
  const only = failed ? "failed" : "all";
  const query = usePages(["admin", "outbox", only], (cursor) =>
    answer(
      api.GET("/v1/admin/outbox", { params: { query: { only, ...(cursor ? { cursor } : {}) } } }),
    ),
  );
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.leaving}
      </Title>
      <Checkbox
        label={said.onlyFailed}
        checked={failed}
        onChange={(event) => setFailed(event.currentTarget.checked)}
      />
      <Asked query={query}>
        {(items) =>
          items.length === 0 ? (
            <Text>{said.noneLeaving}</Text>
          ) : (
            <Wide
              label={said.leaving}
              head={[said.topic, said.since, said.next, said.attempts, said.error]}
            >
              {items.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td>{one.topic}</Table.Td>
                  <Table.Td>{exactly(one.at, language)}</Table.Td>
                  <Table.Td>{exactly(one.next_at, language)}</Table.Td>
                  <Table.Td>{one.attempts}</Table.Td>
                  <Table.Td maw={480} style={{ overflowWrap: "anywhere" }}>
                    {one.error ?? "–"}
                  </Table.Td>
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
