// What somebody wrote, shown as text and nothing else.

// Characters that turn the direction of what follows; a name or a number could be read backwards.
const TURNS = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/g;

/** Every character that would turn the text around becomes one that is seen. */
export function plainText(text: string): string {
  return text.replace(TURNS, "⇄");
}
