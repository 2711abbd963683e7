import { Button, Stack, Text, Title } from "@mantine/core";
import { failedWords } from "../../shared/failedWords";
import { useWords } from "../../shared/words";

/** Instead of a page that has failed. */
export function Failed() {
  const said = useWords(failedWords);
  return (
    <main>
      <Stack p="xl" align="flex-start" role="alert">
        <Title order={1} size="h3">
          {said.failed}
        </Title>
        <Text>{said.failedWhy}</Text>
        <Button onClick={() => window.location.reload()}>{said.reload}</Button>
      </Stack>
    </main>
  );
}
