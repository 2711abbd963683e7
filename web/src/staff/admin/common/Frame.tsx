import { Box, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A page of the administration: what it is for, what can be begun here, and its content. */
export function Frame({
  title,
  about,
  actions,
  children,
}: {
  title: string;
  about: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Stack p="md" gap="md" maw={1280}>
      <Group justify="space-between" align="flex-start">
        <Box maw={720}>
          <Title order={1} size="h3">
            {title}
          </Title>
          <Text c="dimmed">{about}</Text>
        </Box>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

/** Says that there is nothing yet, and what to do about it. */
export function Empty({
  title,
  hint,
  children,
}: {
  title: string;
  hint: string;
  children?: ReactNode;
}) {
  return (
    <Stack align="flex-start" gap="xs" py="md">
      <Text fw={600}>{title}</Text>
      <Text c="dimmed">{hint}</Text>
      {children}
    </Stack>
  );
}
