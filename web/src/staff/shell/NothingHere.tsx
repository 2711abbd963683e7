import { Button, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { useWords } from "../../shared/words";
import { useTitle } from "./useTitle";
import { words } from "./words";

/** For an address that leads nowhere, or not for this person. */
export default function NothingHere() {
  const said = useWords(words);
  useTitle(said.nothing);
  return (
    <Stack p="xl" align="flex-start">
      <Title order={1} size="h3">
        {said.nothing}
      </Title>
      <Text>{said.nothingWhy}</Text>
      <Button component={Link} href="/desk">
        {said.back}
      </Button>
    </Stack>
  );
}
