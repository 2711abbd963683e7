import { useCallback, useState } from "react";
import type { Audience } from "../../../api/schema";
import { keepDraft, readDraft } from "../../../shared/drafts";

const ALL: readonly Audience[] = ["consumer", "desks", "internal"];

/**
 * Whom the composer of this name speaks to, to begin with `first`. It stays what it was, also over a
 * reload: only whoever chooses the consumer speaks to the consumer again.
 */
export function useAudience(name: string, first: Audience) {
  const [held, setHeld] = useState(() => ({ name, audience: kept(name) ?? first }));
  const current = held.name === name ? held : { name, audience: kept(name) ?? first };
  if (current !== held) setHeld(current);
  const choose = useCallback(
    (audience: Audience) => {
      keepDraft(name, audience === "consumer" ? "" : audience);
      setHeld({ name, audience });
    },
    [name],
  );
  return [current.audience, choose] as const;
}

function kept(name: string): Audience | undefined {
  const found = readDraft(name);
  return ALL.find((one) => one === found);
}
