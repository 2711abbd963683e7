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
      // What it opens has the focus before the next key comes.
      flushSync(command.run);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [wanted]);
}

function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function inDialog(): boolean {
  return document.querySelector('[role="dialog"]') !== null;
}
