// Where a case is: /desk/c/{consumer}/{conversation}#{case}.
import { useCallback, useSyncExternalStore } from "react";
import { useLocation, useRoute } from "wouter";

export type Address = { consumer: string; conversation: string; case: number | null };

type Row = { consumer: string; conversation: string; case: number };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function hrefOf(row: Row): string {
  return `/desk/c/${row.consumer}/${row.conversation}#${row.case}`;
}

export function keyOf(row: Row): string {
  return `${row.conversation}/${row.case}`;
}

/** The case that the address names; null for none. */
export function useAddress(): Address | null {
  const [, found] = useRoute("/desk/c/:consumer/:conversation");
  const hash = useSyncExternalStore(onHash, () => window.location.hash);
  if (!found || !UUID.test(found.consumer) || !UUID.test(found.conversation)) return null;
  const number = Number(hash.slice(1));
  return { ...found, case: Number.isInteger(number) && number > 0 ? number : null };
}

/** Goes to a case, or with null to none. */
export function useGo(): (row: Row | null) => void {
  const [, navigate] = useLocation();
  return useCallback((row: Row | null) => navigate(row ? hrefOf(row) : "/desk"), [navigate]);
}

function onHash(changed: () => void): () => void {
  const names = ["hashchange", "popstate", "pushState", "replaceState"];
  for (const name of names) window.addEventListener(name, changed);
  return () => {
    for (const name of names) window.removeEventListener(name, changed);
  };
}
