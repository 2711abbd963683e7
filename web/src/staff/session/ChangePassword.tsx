import { Button, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../../api/client";
import { Problem } from "../../api/problems";
import { useWords } from "../../shared/words";
import { ProblemNote } from "../shell/ProblemNote";
import { passwordWords } from "./words";

const LENGTH_MIN = 12;

/** One's own password: the old one once more, and the new one. */
export function ChangePassword({ onClose }: { onClose: () => void }) {
  const said = useWords(passwordWords);
  const [old, setOld] = useState("");
  const [wanted, setWanted] = useState("");
  const changing = useMutation({
    mutationFn: () => answer(api.PUT("/v1/desk/session/password", { body: { old, new: wanted } })),
    onSuccess: () => {
      notifications.show({ message: said.changed });
      onClose();
    },
  });
  const { error } = changing;
  const wrong = error instanceof Problem && error.field === "old";
  const change = (event: FormEvent) => {
    event.preventDefault();
    changing.mutate();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={said.title}
      closeButtonProps={{ "aria-label": said.close }}
    >
      <form onSubmit={change}>
        <Stack>
          <Text size="sm">{said.about}</Text>
          <PasswordInput
            label={said.old}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ "aria-label": said.show }}
            required
            data-autofocus
            value={old}
            error={wrong && said.wrong}
            onChange={(event) => setOld(event.currentTarget.value)}
          />
          <PasswordInput
            label={said.wanted}
            description={said.least(LENGTH_MIN)}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ "aria-label": said.show }}
            required
            minLength={LENGTH_MIN}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
          {error && !wrong && <ProblemNote error={error} />}
          <Button type="submit" loading={changing.isPending}>
            {said.change}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
