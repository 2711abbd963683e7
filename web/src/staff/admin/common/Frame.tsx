import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

export { Frame } from "../../common/Frame";

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
