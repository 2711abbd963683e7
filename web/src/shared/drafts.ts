// What somebody has typed and not sent. It survives a reload, a lost session and a crash of the page.
import { useCallback, useEffect, useState } from "react";

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

/** Tells the name of each draft that another page has changed, or sent; returns how to end that. */
export function onOtherDraft(changed: (name: string) => void): () => void {
  const heard = ({ key }: StorageEvent) => {
    if (key?.startsWith(PREFIX)) changed(key.slice(PREFIX.length));
  };
  window.addEventListener("storage", heard);
  return () => window.removeEventListener("storage", heard);
}

/** The same of one draft, for as long as it is shown. */
export function useOtherDraft(name: string, changed: (name: string) => void): void {
  useEffect(() => onOtherDraft((other) => other === name && changed(name)), [name, changed]);
}

/** A text field's value under a name of its own; each name has its own draft, the same in every page
 * of this browser. */
export function useDraft(name: string): [string, (text: string) => void] {
  const [held, setHeld] = useState({ name, text: readDraft(name) });
  // Another name (another case, another audience) has another text, in the same moment.
  const current = held.name === name ? held : { name, text: readDraft(name) };
  if (current !== held) setHeld(current);
  const again = useCallback((name: string) => setHeld({ name, text: readDraft(name) }), []);
  useOtherDraft(name, again);
  const change = useCallback(
    (text: string) => {
      keepDraft(name, text);
      setHeld({ name, text });
    },
    [name],
  );
  return [current.text, change];
}
