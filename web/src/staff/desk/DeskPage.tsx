import { Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { left } from "../../shared/format";
import { useNow } from "../../shared/useNow";
import { useWords } from "../../shared/words";
import { ProblemNote } from "../shell/ProblemNote";
import { words } from "./words";

/** Where an agent works: what is in their hands, the next due first. */
export default function DeskPage() {
  const said = useWords(words);
  const now = useNow();
  const { data, error } = useQuery({
    queryKey: ["work"],
    queryFn: () => answer(api.GET("/v1/desk/work")),
  });
  if (error) return <ProblemNote error={error} />;
  return (
    <Stack p="md">
      <Title order={1} size="h4">
        {said.mine}
      </Title>
      {data?.items.length === 0 && (
        <>
          <Text>{said.none}</Text>
          <Text c="dimmed">{said.noneWhy}</Text>
        </>
      )}
      {data?.items.map((row) => (
        <Text key={`${row.conversation}/${row.case}`}>
          {row.issue} {row.due_at && left(row.due_at, now)}
        </Text>
      ))}
    </Stack>
  );
}
