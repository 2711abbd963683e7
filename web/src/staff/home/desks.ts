import { useSearchParams } from "wouter";
import type { Session } from "../session/session";

/** The desks of merchants and creators at which this person works. */
export function homesOf(session: Session): readonly string[] {
  return session.desks.filter((desk) => desk !== "platform");
}

/** Those of them for which this person answers. */
export function supervisedHomesOf(session: Session): readonly string[] {
  return session.supervised.filter((desk) => desk !== "platform");
}

/** Which desk is looked at, as the address says, and how to look at another. */
export function useHome(session: Session): [string, (desk: string) => void] {
  const [asked, ask] = useSearchParams();
  const homes = homesOf(session);
  const named = asked.get("desk") ?? "";
  const choose = (desk: string) => {
    const chosen = new URLSearchParams(asked);
    chosen.set("desk", desk);
    ask(chosen, { replace: true });
  };
  return [homes.includes(named) ? named : (homes[0] ?? ""), choose];
}

/** [the beginning of this month, of the next), and the end of today, in the browser's zone. */
export function spans(now: Date = new Date()): { since: string; until: string; tonight: string } {
  const [year, month, date] = [now.getFullYear(), now.getMonth(), now.getDate()];
  return {
    since: new Date(year, month, 1).toISOString(),
    until: new Date(year, month + 1, 1).toISOString(),
    tonight: new Date(year, month, date + 1).toISOString(),
  };
}
