import { Box, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTitle } from "../shell/useTitle";
import "./frame.css";

type Props = {
  title: string;
  about?: string;
  actions?: ReactNode;
  children: ReactNode;
};

/** A page: what it is for, what is chosen or begun at its top, and its content, as wide as all. */
export function Frame({ title, about, actions, children }: Props) {
  useTitle(title);
  return (
    <Stack p="md" gap="md" className="frame">
      <Group justify="space-between" align="flex-end" gap="md">
        <Box maw={720}>
          <Title order={1} size="h3">
            {title}
          </Title>
          {about && (
            <Text c="dimmed" size="sm">
              {about}
            </Text>
          )}
        </Box>
        {actions && (
          <Group gap="xs" align="flex-end" className="frame-actions">
            {actions}
          </Group>
        )}
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
