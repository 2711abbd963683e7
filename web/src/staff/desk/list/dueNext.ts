import type { ListedShape } from "../../../api/schema";
import { money } from "../../../shared/format";
import type { Language, Spoken } from "../../../shared/words";
import { deskName } from "../codes";
import type { clockWords } from "./words";

/** When, and whose it is with what happens then. */
export type DueNext = { at: string; what: string };

/** The one clock of a row: of the case's and its remedy's, whichever runs out first. */
export function dueNext(
  row: ListedShape,
  said: Spoken<typeof clockWords>,
  language: Language,
): DueNext | null {
  const { clock, remedy } = row;
  if (remedy && (!clock || remedy.due_at < clock.due_at)) {
    const amount = money(remedy.amount_minor, remedy.currency, language);
    const whose = remedy.desk ? deskName(remedy.desk, language) : said.consumers;
    const happens =
      remedy.silence === "granted"
        ? said.granted(amount)
        : remedy.silence
          ? said[remedy.silence]
          : said.remedy;
    return { at: remedy.due_at, what: said.due(whose, happens) };
  }
  if (!clock) return null;
  const whose = clock.desk ? deskName(clock.desk, language) : said.consumers;
  const happens = clock.decision === "refund_granted" ? said.refund_granted : said[clock.then];
  return { at: clock.due_at, what: said.due(whose, happens) };
}
