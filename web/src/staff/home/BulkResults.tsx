import { Button, Group, List, Stack, Text } from "@mantine/core";
import type { BulkDone } from "../../api/schema";
import { useColon, useWords } from "../../shared/words";
import type { Item } from "./bulk";
import { bulkWords } from "./bulkWords";
import { useWhyNot } from "./Comings";

type Props = {
  items: readonly Item[];
  done: BulkDone;
  again: () => void;
  close: () => void;
};

/** What became of each. Tried again with the same keys, what was done is not done twice. */
export function BulkResults({ items, done, again, close }: Props) {
  const said = useWords(bulkWords);
  const colon = useColon();
  const whyNot = useWhyNot();
  const names = new Map(items.map((one) => [one.key, one.name]));
  const failed = done.items.filter((one) => !one.done);
  const passing = failed.some((one) => (one.why?.status ?? 0) >= 429);
  return (
    <Stack role="status">
      <Text>{said.doneAll(done.items.length - failed.length)}</Text>
      {failed.length > 0 && (
        <>
          <Text>{said.notDone(failed.length)}</Text>
          <List>
            {failed.map((one) => (
              <List.Item key={one.key}>
                {names.get(one.key)}
                {colon}
                {one.why && whyNot(one.why)}
              </List.Item>
            ))}
          </List>
        </>
      )}
      <Group justify="flex-end">
        {passing && (
          <Button variant="default" onClick={again}>
            {said.again}
          </Button>
        )}
        <Button onClick={close}>{said.close}</Button>
      </Group>
    </Stack>
  );
}
