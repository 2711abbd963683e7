// What has to survive a reload: small values under names of their own, in this browser only.
const PREFIX = "oncedesk.kept.";

export function readKept<T>(name: string, otherwise: T): T {
  try {
    const found = localStorage.getItem(PREFIX + name);
    return found === null ? otherwise : (JSON.parse(found) as T);
  } catch {
    return otherwise;
  }
}

/** An empty list is nothing to keep. */
export function keep(name: string, value: unknown): void {
  try {
    if (Array.isArray(value) && value.length === 0) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full or forbidden: it lasts as long as the page.
  }
}
