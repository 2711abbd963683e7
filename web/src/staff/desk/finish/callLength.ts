/** Seconds of "3:20" or "3"; 0 of nothing, where nobody was reached; null where it is no length. */
export function secondsOf(written: string): number | null {
  if (written.trim() === "") return 0;
  const found = /^\s*(\d{1,4})(?::([0-5]\d))?\s*$/.exec(written);
  if (!found) return null;
  const seconds = Number(found[1]) * 60 + Number(found[2] ?? 0);
  return seconds <= 86_400 ? seconds : null;
}
