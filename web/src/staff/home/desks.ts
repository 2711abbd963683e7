import { useSearchParams } from "wouter";
import { useWords } from "../../shared/words";
import type { Session } from "../session/session";
import { words } from "./words";

/** The desks of merchants and creators at which this person works. */
export function homesOf(session: Session): readonly string[] {
  return session.desks.filter((desk) => desk !== "platform");
}

/** The merchant or creator whose desk it is. */
export function partyOf(desk: string): string {
  return desk.split(":")[1] ?? "";
}

/** Which desk is looked at, as the address says, and how to look at another. */
export function useHome(session: Session): [string, (desk: string) => void] {
  const [asked, ask] = useSearchParams();
  const homes = homesOf(session);
  const named = asked.get("desk") ?? "";
  const choose = (desk: string) => ask({ desk }, { replace: true });
  return [homes.includes(named) ? named : (homes[0] ?? ""), choose];
}

/** What a desk is called in a list of several. */
export function useDeskName(): (desk: string) => string {
  const said = useWords(words);
  return (desk) => {
    const short = partyOf(desk).slice(0, 8);
    return desk.startsWith("creator") ? said.creator(short) : said.merchant(short);
  };
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
