import { Stack, Table, Text, Title } from "@mantine/core";
import type { WallQueueShape } from "../../api/schema";
import { useNow } from "../../shared/useNow";
import { useLanguage, useWords } from "../../shared/words";
import { Wide } from "../admin/common/Wide";
import { useCode } from "../desk/useCode";
import { waited } from "./wall";
import { words } from "./words";

/** Each queue in which there is anything. */
export function Queues({ queues }: { queues: WallQueueShape[] }) {
  const said = useWords(words);
  const code = useCode();
  const { language } = useLanguage();
  const now = useNow();
  const counted = (queue: WallQueueShape, count: number) =>
    queue.at_least && count > 0 ? said.atLeast(count) : count;
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.queues}
      </Title>
      {queues.length === 0 ? (
        <Text>{said.noQueues}</Text>
      ) : (
        <Wide
          label={said.queues}
          head={[said.queue, said.waiting, said.oldest, said.inHand, said.atRisk, said.overdue]}
        >
          {queues.map((queue) => (
            <Table.Tr key={queue.skill}>
              <Table.Th scope="row">
                {code(queue.skill)}
                {queue.unserved && (
                  <Text size="sm" fw={600}>
                    {said.unserved}
                  </Text>
                )}
              </Table.Th>
              <Table.Td>{counted(queue, queue.waiting)}</Table.Td>
              <Table.Td>{queue.oldest ? waited(queue.oldest, now, language) : "–"}</Table.Td>
              <Table.Td>{counted(queue, queue.assigned)}</Table.Td>
              <Table.Td>{counted(queue, queue.at_risk)}</Table.Td>
              <Table.Td>{counted(queue, queue.overdue)}</Table.Td>
            </Table.Tr>
          ))}
        </Wide>
      )}
    </Stack>
  );
}
