import { useCallback, useState } from "react";

type Held = { keys: ReadonlySet<string>; open: boolean };

const NOTHING: Held = { keys: new Set(), open: false };

/** What of a list is chosen to be acted on together; `choosing` until that is put away. */
export function useChosen() {
  const [held, hold] = useState<Held>(NOTHING);
  const choose = useCallback((keys: readonly string[], on: boolean) => {
    hold((before) => {
      const after = new Set(before.keys);
      for (const key of keys) {
        if (on) after.add(key);
        else after.delete(key);
      }
      return { keys: after, open: true };
    });
  }, []);
  const keep = useCallback(
    (keys: ReadonlySet<string>) => hold((before) => ({ ...before, keys })),
    [],
  );
  const stop = useCallback(() => hold(NOTHING), []);
  return { chosen: held.keys, choosing: held.open, choose, keep, stop };
}
