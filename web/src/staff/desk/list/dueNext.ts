import type { ListedShape } from "../../../api/schema";
import { money } from "../../../shared/format";
import type { Language, Spoken } from "../../../shared/words";
import { deskName } from "../codes";
import type { clockWords } from "./words";

export type DueNext = { at: string; whose: string; happens: string };

/** The one clock of a row: of the case's and its remedy's, whichever runs out first. */
export function dueNext(
  row: ListedShape,
  said: Spoken<typeof clockWords>,
  language: Language,
): DueNext | null {
  const { clock, remedy } = row;
  if (remedy && (!clock || remedy.due_at < clock.due_at)) {
    const amount = money(remedy.amount_minor, remedy.currency, language);
    return {
      at: remedy.due_at,
      whose: remedy.desk ? deskName(remedy.desk, language) : said.consumers,
      happens:
        remedy.silence === "granted"
          ? said.granted(amount)
          : remedy.silence
            ? said[remedy.silence]
            : said.remedy,
    };
  }
  if (!clock) return null;
  return {
    at: clock.due_at,
    whose: clock.desk ? deskName(clock.desk, language) : said.consumers,
    happens: clock.decision === "refund_granted" ? said.refund_granted : said[clock.then],
  };
}
