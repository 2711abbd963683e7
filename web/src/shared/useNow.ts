import { useSyncExternalStore } from "react";
import { serverTime } from "../api/serverTime";

// One ticking clock for all that counts down, and none where nothing does.
const NEWS_MS = 2_000;
const listeners = new Set<() => void>();
let ahead = 0;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** Takes the time from the service, as it is what ends there that is counted down. It says no more
 * than the second: by so little nothing is moved, so that each lasts one. */
function tick(): void {
  const said = serverTime().getTime() - Date.now();
  if (Math.abs(said - ahead) > NEWS_MS) ahead = said;
  now = Date.now() + ahead;
  for (const one of listeners) one();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    tick();
    timer = setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present in milliseconds, a new one each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** What is so now, such as which day it is: new only when that is another. */
export function useByNow(so: (now: Date) => string): string {
  return useSyncExternalStore(subscribe, () => so(new Date(now)));
}
