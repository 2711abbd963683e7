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
} {
  const name = `${useSession().agent}.${of}`;
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
  return { kept, keep, forget };
}

function read<T>(name: string): T | null {
  try {
    return JSON.parse(readDraft(name) || "null") as T | null;
  } catch {
    return null;
  }
}
