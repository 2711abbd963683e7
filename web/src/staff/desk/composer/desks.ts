// Which desks read what is written in a case.
import type { DeskSession, ToldShape } from "../../../api/schema";
import { attributionOfEvent } from "../case/attribution";
import type { Case } from "../case/openCase";
import { deskOf } from "../case/told";

const KINDS = ["platform", "merchant", "creator"];
const NAMED_AS = ["owner", "desk", "from_desk", "to_desk"];

/** In whose name this agent notes something in a case. */
export function notingDesk(about: Case, desks: readonly string[]): string {
  const nearest = [about.owner, about.referral?.desk];
  return nearest.find((one) => one && desks.includes(one)) ?? "platform";
}

/** Whether this agent has anything to say in a case: their desk has it or was asked, or is the
 * platform's. Others who have had to do with it read on. */
export function mayPost(
  about: Case,
  { agent, desks, role }: Pick<DeskSession, "agent" | "desks" | "role">,
): boolean {
  if (role === "admin" || about.agent === agent) return true;
  return [about.owner, about.referral?.desk, "platform"].some((one) => one && desks.includes(one));
}

/** The desk that first of all reads what is posted among desks; null: no other has seen the case. */
export function otherDesk(
  story: readonly ToldShape[],
  about: Case,
  desks: readonly string[],
): string | null {
  const owner = about.owner ?? "platform";
  if (!desks.includes(owner)) return owner;
  if (about.referral) return about.referral.desk;
  const involved = involvedIn(story, about.number);
  return KINDS.find((one) => one !== owner.split(":")[0] && involved.has(one)) ?? null;
}

/** Of which kinds the desks are that have had to do with a case; the platform's sees every one. */
function involvedIn(story: readonly ToldShape[], number: number): ReadonlySet<string> {
  const found = new Set(["platform"]);
  const add = (kinds: Iterable<string>) => {
    for (const kind of kinds) found.add(kind);
  };
  for (const event of story.flatMap((told) => told.events as readonly Record<string, unknown>[])) {
    // Who had the case from which it was split has had its problem before their eyes.
    if (event.type === "CaseSplit" && event.new_case === number)
      add(involvedIn(story, Number(event.case)));
    if (event.case !== number) continue;
    add(NAMED_AS.map((name) => deskOf(event[name])));
    if (event.type === "Attributed") add(Object.keys(attributionOfEvent(event).liable));
  }
  return found;
}
