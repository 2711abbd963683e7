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

export function forget(name: string): void {
  keep(name, []);
}

/** Each value whose name begins so. */
export function readEach<T>(prefix: string): T[] {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX + prefix))
      .map((name) => JSON.parse(localStorage.getItem(name) ?? "") as T);
  } catch {
    return [];
  }
}

/** Tells the rest of a name that begins so when another page of this browser forgets its value;
 * returns how to end that. */
export function onForgotten(prefix: string, act: (rest: string) => void): () => void {
  const heard = ({ key, newValue }: StorageEvent) => {
    if (newValue === null && key?.startsWith(PREFIX + prefix)) {
      act(key.slice(PREFIX.length + prefix.length));
    }
  };
  window.addEventListener("storage", heard);
  return () => window.removeEventListener("storage", heard);
}
