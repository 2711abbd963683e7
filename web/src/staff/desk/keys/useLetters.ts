import { useLocalStorage } from "@mantine/hooks";
import { useLayoutEffect } from "react";
import { flushSync } from "react-dom";
import { byLetter } from "./commands";

const TORN_MS = 1_000;

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
    const torn = tornAway();
    // A dialog that the key has closed is gone when it comes here.
    let closes = false;
    const before = () => {
      closes = inDialog();
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.defaultPrevented || isText(event.target) || closes || torn.still()) return;
      const command = byLetter(event.key.length === 1 ? event.key.toLowerCase() : event.key);
      if (!command) return;
      event.preventDefault();
      // What it opens has the focus before the next key comes.
      flushSync(command.run);
    };
    window.addEventListener("keydown", before, { capture: true });
    window.addEventListener("keydown", pressed);
    return () => {
      window.removeEventListener("keydown", before, { capture: true });
      window.removeEventListener("keydown", pressed);
      torn.stop();
    };
  }, [wanted]);
}

/** Whoever writes goes on for a while when the field is taken away under their hands: `still` says
 * so at each key, and begins anew by it. */
function tornAway() {
  let field: Node | null = null;
  let at = Number.NEGATIVE_INFINITY;
  const came = ({ target }: FocusEvent) => {
    field = isText(target) ? target : null;
  };
  // Browsers may say of a field that is taken away that it was left; that one is gone by then.
  const went = () =>
    setTimeout(() => {
      if (field?.isConnected && field !== document.activeElement) field = null;
    });
  const watching = new MutationObserver(() => {
    if (field === null || field.isConnected) return;
    field = null;
    at = performance.now();
  });
  watching.observe(document.body, { childList: true, subtree: true });
  window.addEventListener("focusin", came);
  window.addEventListener("focusout", went);
  return {
    still: () => {
      const now = performance.now();
      if (document.activeElement !== document.body || now - at > TORN_MS) return false;
      at = now;
      return true;
    },
    stop: () => {
      watching.disconnect();
      window.removeEventListener("focusin", came);
      window.removeEventListener("focusout", went);
    },
  };
}

function isText(target: EventTarget | null): target is HTMLElement {
  if (!(target instanceof HTMLElement)) return false;
  // In a box that is only ticked nobody writes.
  if (target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function inDialog(): boolean {
  return document.querySelector('[role="dialog"]') !== null;
}
