import { useEffect } from "react";

/** What the window is called while this is its page; null leaves it to what stands inside. */
export function useTitle(title: string | null): void {
  useEffect(() => {
    if (title !== null) document.title = `${title} · Oncedesk`;
  }, [title]);
}
