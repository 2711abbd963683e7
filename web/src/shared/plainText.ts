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
