import { useEffect } from "react";
import { api, newKey, once } from "../../api/client";

const SEEN_MS = 5 * 60_000;

/** Somebody is there: silence of a page that spoke once means that nobody is. */
export function saySeen(): void {
  void api.POST("/v1/desk/me/seen", { params: { header: once(newKey()) } }).catch(() => {});
}

/** Said from time to time while any page is open, by those who work at a desk. */
export function useSeen(works: boolean): void {
  useEffect(() => {
    if (!works) return;
    saySeen();
    const timer = setInterval(saySeen, SEEN_MS);
    return () => clearInterval(timer);
  }, [works]);
}
