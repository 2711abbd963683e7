// Characters that turn the direction of what follows, so that a text may read as another than it is.
const TURNING = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/gu;

/** Somebody's text as it is to be shown: as text, and none of it in disguise. */
export function plain(text: string): string {
  return text.replace(TURNING, "");
}
