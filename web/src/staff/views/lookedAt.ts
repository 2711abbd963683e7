import { newKey } from "../../api/client";
import type { CaseFilter, ViewShape } from "../../api/schema";

/** What the page showed, of which desk. */
type LookedAt = { desk: string; filter: CaseFilter; view: ViewShape | null };

/** By the page's place in the browser's history, so that each of two has its own; until a reload. */
const before = new Map<string, LookedAt>();

/** What this page showed before, for whoever comes back to it from a case. */
export function lookedAt(): Partial<LookedAt> {
  return before.get(placeOf()) ?? {};
}

export function lookingAt(now: LookedAt): void {
  const place = placeOf() || newKey();
  if (!placeOf()) window.history.replaceState({ ...window.history.state, place }, "");
  before.set(place, now);
}

function placeOf(): string {
  return (window.history.state as { place?: string } | null)?.place ?? "";
}
