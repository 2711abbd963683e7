import { useCallback, useState } from "react";

/** What is chosen of a list. What is not in it any more is not chosen any more. */
export function useChoosing<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  can: (item: T) => boolean,
) {
  const [held, hold] = useState<ReadonlySet<string>>(new Set());
  const choose = useCallback((keys: readonly string[], on: boolean) => {
    hold((before) => {
      const after = new Set(before);
      for (const key of keys) {
        if (on) after.add(key);
        else after.delete(key);
      }
      return after;
    });
  }, []);
  const clear = useCallback(() => hold(new Set()), []);
  const there = items.filter((item) => can(item) && held.has(keyOf(item)));
  return { chosen: new Set(there.map(keyOf)), items: there, choose, can, clear };
}
