import { Button, type ButtonProps, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { ProblemNote } from "../../shell/ProblemNote";

/** A button that does something at once, and says beside itself why it could not. */
export function Do({
  label,
  act,
  ...button
}: { label: string; act: () => Promise<unknown> } & Omit<ButtonProps, "children">) {
  const doing = useMutation({ mutationFn: act });
  return (
    <Stack gap={4} align="flex-start">
      <Button {...button} loading={doing.isPending} onClick={() => doing.mutate()}>
        {label}
      </Button>
      {doing.error && <ProblemNote error={doing.error} />}
    </Stack>
  );
}
