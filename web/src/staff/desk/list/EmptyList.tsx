import { Stack, Text } from "@mantine/core";

/** Why nothing stands here, and what would bring something. */
export function EmptyList({ what, why }: { what: string; why: string }) {
  return (
    <Stack gap={4} p="md">
      <Text fw={600} size="sm">
        {what}
      </Text>
      <Text size="sm" className="quiet">
        {why}
      </Text>
    </Stack>
  );
}
