// What somebody wrote, shown as text and nothing else.

// Characters that turn the direction of what follows, so that a text may read as another than it is.
const TURNS = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/g;

/** For consumers: without what would turn the text around. */
export function plain(text: string): string {
  return text.replace(TURNS, "");
}

/** For whoever judges it: what would turn the text around becomes a character that is seen. */
export function plainText(text: string): string {
  return text.replace(TURNS, "⇄");
}

const FROM_THE_RIGHT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/** For consumers, within a sentence: where it is written from right to left, what stands beside it,
 * such as an amount, keeps its place. */
export function isolated(text: string): string {
  const kept = plain(text);
  return FROM_THE_RIGHT.test(kept) ? `\u2068${kept}\u2069` : kept;
}
