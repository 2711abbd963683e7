import { Modal, Stack, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { atOnce } from "../keys/atOnce";

type Props = {
  said: { title: string; search: string; close: string };
  wanted: string;
  onWanted: (wanted: string) => void;
  onFirst: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** Something is found by typing, and Enter takes what stands first. Who opened it takes the focus
 * back. */
export function Picker({ said, wanted, onWanted, onFirst, onClose, children }: Props) {
  return (
    <Modal
      opened
      onClose={onClose}
      returnFocus={false}
      title={said.title}
      closeButtonProps={{ "aria-label": said.close }}
    >
      <Stack gap="xs">
        <TextInput
          data-autofocus
          ref={atOnce}
          aria-label={said.search}
          placeholder={said.search}
          value={wanted}
          onChange={(event) => onWanted(event.currentTarget.value)}
          onKeyDown={(event) => {
            // The Enter that confirms pinyin belongs to the input method.
            if (event.nativeEvent.isComposing || event.keyCode === 229) return;
            if (event.key !== "Enter") return;
            event.preventDefault();
            onFirst();
          }}
        />
        {children}
      </Stack>
    </Modal>
  );
}
