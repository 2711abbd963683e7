import { newKey } from "../api/client";
import { forget, keep, readKept } from "./kept";

type Attempt = { what: string; key: string };

/**
 * The key of something that is asked for under this name: as long as nobody has answered, the same
 * for the same, after a reload, too. So it counts once, however often it is tried.
 */
export function keyOf(name: string, what: unknown): string {
  const known = readKept<Attempt | null>(name, null);
  const attempt: Attempt = { what: JSON.stringify(what), key: newKey() };
  if (known?.what === attempt.what) return known.key;
  keep(name, attempt);
  return attempt.key;
}

/** It was answered: asked for once more it is something new. */
export function answered(name: string): void {
  forget(name);
}
