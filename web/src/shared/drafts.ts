// What somebody has typed and not sent. It survives a reload, a lost session and a crash of the page.
import { useCallback, useState } from "react";

const PREFIX = "oncedesk.draft.";

export function readDraft(name: string): string {
  try {
    return localStorage.getItem(PREFIX + name) ?? "";
  } catch {
    return "";
  }
}

export function keepDraft(name: string, text: string): void {
  try {
    if (text) localStorage.setItem(PREFIX + name, text);
    else localStorage.removeItem(PREFIX + name);
  } catch {
    // Full or forbidden: the text is still in the field.
  }
}

/** Tells the name of each draft that another page has changed, or sent. */
export function onOtherDraft(changed: (name: string) => void): void {
  window.addEventListener("storage", ({ key }) => {
    if (key?.startsWith(PREFIX)) changed(key.slice(PREFIX.length));
  });
}

/** A text field's value under a name of its own; each name has its own draft. */
export function useDraft(name: string): [string, (text: string) => void] {
  const [held, setHeld] = useState({ name, text: readDraft(name) });
  // Another name (another case, another audience) has another text, in the same moment.
  const current = held.name === name ? held : { name, text: readDraft(name) };
  if (current !== held) setHeld(current);
  const change = useCallback(
    (text: string) => {
      keepDraft(name, text);
      setHeld({ name, text });
    },
    [name],
  );
  return [current.text, change];
}
