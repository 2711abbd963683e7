import { Button, Group, Text } from "@mantine/core";
import type { FormEvent, KeyboardEvent, ReactNode } from "react";
import { useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { beginsAtOnce } from "../keys/atOnce";
import { words } from "./words";

type Props = {
  name: string;
  /** Which clock it starts. */
  clock: string;
  acting: { mutate: () => void; cancel: () => void; isPending: boolean; error: unknown };
  ready?: boolean;
  onClose: () => void;
  children?: ReactNode;
};

/** What has to be said to do something to the case, which clock that starts, and the button. */
export function ActPanel({ name, clock, acting, ready = true, onClose, children }: Props) {
  const said = useWords(words);
  const act = (event?: FormEvent) => {
    event?.preventDefault();
    if (ready && !acting.isPending) acting.mutate();
  };
  const cancel = () => {
    acting.cancel();
    onClose();
  };
  const confirmed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    // A list of choices would open by it.
    event.stopPropagation();
    act();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      // A list of choices that is open is closed by it, and nothing else.
      if (event.target instanceof Element && event.target.ariaExpanded === "true") return;
      cancel();
    } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      // It only ends what is filled in: money has no undo.
      event.preventDefault();
    }
  };
  return (
    <form
      ref={beginsAtOnce}
      className="act-panel"
      aria-label={name}
      onSubmit={act}
      onKeyDownCapture={confirmed}
      onKeyDown={pressed}
    >
      {children}
      <Text size="xs" className="quiet">
        {clock}
      </Text>
      {acting.error !== null && acting.error !== undefined && <ProblemNote error={acting.error} />}
      <Group gap="xs" justify="flex-end">
        <Button size="xs" variant="default" onClick={cancel}>
          {said.cancel}
        </Button>
        <Button
          size="xs"
          type="submit"
          disabled={!ready}
          loading={acting.isPending}
          data-autofocus={children ? undefined : true}
        >
          {name}
        </Button>
      </Group>
    </form>
  );
}
