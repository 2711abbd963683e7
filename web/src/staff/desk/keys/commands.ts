// All that can be done from the keyboard: each thing once, with its name, its letter and what it does.
import { useLayoutEffect, useRef, useSyncExternalStore } from "react";

export type Command = {
  id: string;
  /** In the language in force. */
  name: string;
  /** A single letter; it works only outside text, and can be switched off. */
  letter?: string;
  run: () => void;
};

const commands = new Map<string, Command>();
const listeners = new Set<() => void>();
let listed: readonly Command[] = [];

function tell(): void {
  listed = [...commands.values()];
  for (const one of listeners) one();
}

/** As soon as this is shown and for as long, it can be done; `command` null: not now. */
export function useCommand(command: Command | null): void {
  const latest = useRef(command);
  useLayoutEffect(() => {
    latest.current = command;
  });
  const [id, name, letter] = [command?.id, command?.name, command?.letter];
  useLayoutEffect(() => {
    if (id === undefined || name === undefined) return;
    const run = () => latest.current?.run();
    const one: Command = letter ? { id, name, letter, run } : { id, name, run };
    commands.set(id, one);
    tell();
    return () => {
      if (commands.get(id) === one) commands.delete(id);
      tell();
    };
  }, [id, name, letter]);
}

export function useCommands(): readonly Command[] {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => listed,
  );
}

/** What this letter does now, if anything. */
export function byLetter(letter: string): Command | undefined {
  return listed.find((one) => one.letter === letter);
}
