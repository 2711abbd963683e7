import { Button, type ButtonProps, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { words } from "./words";

/**
 * A button for what is not done by a slip of the hand: it says first what follows. What was typed
 * into its `children` is kept while it fails.
 */
export function Confirm({
  label,
  title = label,
  consequence,
  act,
  children,
  ready = true,
  onOpen,
  ...button
}: {
  label: string;
  title?: string;
  consequence: ReactNode;
  act: () => Promise<unknown>;
  children?: ReactNode;
  ready?: boolean;
  onOpen?: () => void;
} & Omit<ButtonProps, "children">) {
  const said = useWords(words);
  const [opened, { open, close }] = useDisclosure();
  const doing = useMutation({ mutationFn: act, onSuccess: close });
  const begin = () => {
    doing.reset();
    onOpen?.();
    open();
  };
  return (
    <>
      <Button {...button} onClick={begin}>
        {label}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={title}
        closeButtonProps={{ "aria-label": said.close }}
      >
        <Stack>
          <Text component="div">{consequence}</Text>
          {children}
          {doing.error && <ProblemNote error={doing.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {said.cancel}
            </Button>
            <Button
              {...(button.color ? { color: button.color } : {})}
              loading={doing.isPending}
              // What was answered fades: a second tap is not for what the page shows by then.
              disabled={!ready || doing.isSuccess}
              onClick={() => doing.mutate()}
            >
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
