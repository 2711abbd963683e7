import { useCallback, useState } from "react";
import { keepDraft, readDraft, useOtherDraft } from "../../shared/drafts";
import { useSession } from "../session/session";

/**
 * A form's values that survive a reload until they are forgotten; null while nothing is changed.
 * They are those of whoever is logged in, in each page of this browser, and shown to nobody else who
 * uses it.
 */
export function useKept<T>(of: string): {
  kept: T | null;
  keep: (value: T) => void;
  forget: () => void;
  /** It goes on at another place, where it is kept instead. */
  move: (to: string, value: T) => void;
} {
  const { agent } = useSession();
  const name = `${agent}.${of}`;
  const [kept, setKept] = useState<T | null>(() => read<T>(name));
  const again = useCallback((name: string) => setKept(read<T>(name)), []);
  useOtherDraft(name, again);
  const keep = useCallback(
    (value: T) => {
      keepDraft(name, JSON.stringify(value));
      setKept(value);
    },
    [name],
  );
  const forget = useCallback(() => {
    keepDraft(name, "");
    setKept(null);
  }, [name]);
  const move = (to: string, value: T) => {
    keepDraft(`${agent}.${to}`, JSON.stringify(value));
    forget();
  };
  return { kept, keep, forget, move };
}

function read<T>(name: string): T | null {
  try {
    return JSON.parse(readDraft(name) || "null") as T | null;
  } catch {
    return null;
  }
}
