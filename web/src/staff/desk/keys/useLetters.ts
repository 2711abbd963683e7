import { useLocalStorage } from "@mantine/hooks";
import { useLayoutEffect } from "react";
import { flushSync } from "react-dom";
import { byLetter } from "./commands";

/** Whether single letters do something here (WCAG 2.1.4: they can be switched off). */
export function useLettersWanted(): [boolean, (wanted: boolean) => void] {
  const [wanted, setWanted] = useLocalStorage({
    key: "oncedesk.letters",
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  return [wanted, setWanted];
}

/** Lets single letters do what is there to be done, outside text and outside dialogs. */
export function useLetters(): void {
  const [wanted] = useLettersWanted();
  useLayoutEffect(() => {
    if (!wanted) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.defaultPrevented || isText(event.target) || inDialog()) return;
      const command = byLetter(event.key.length === 1 ? event.key.toLowerCase() : event.key);
      if (!command) return;
      event.preventDefault();
      const before = firstField();
      flushSync(command.run);
      // A panel takes the focus a moment after it was opened; the next key is for it already.
      const opened = firstField();
      if (opened !== before) opened?.focus();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [wanted]);
}

function firstField(): HTMLElement | null {
  return document.querySelector(".act-panel [data-autofocus]");
}

function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function inDialog(): boolean {
  return document.querySelector('[role="dialog"]') !== null;
}
