// What of a conversation's story is told in its thread, each in one line.
import type { ToldShape } from "../../../api/schema";
import { day, endsOn, money, time } from "../../../shared/format";
import { type RatingReason, ratingReason } from "../../../shared/ratingReasons";
import type { Language, Spoken } from "../../../shared/words";
import { code, deskName } from "../codes";
import { attributionOfEvent, inWords } from "./attribution";
import type { toldWords } from "./toldWords";

export type Line = {
  key: string;
  version: number;
  at: string;
  case: number;
  text: string;
  /** It followed from what somebody did, and nobody did it. */
  byItself: boolean;
};

const BY_ITSELF = new Set(["Decided", "BreachNoted", "ConsumerTold"]);

type Event = Record<string, unknown>;
type Words = Spoken<typeof toldWords>;

/** The lines of the story that a reader of the thread has to know. */
export function linesOf(
  story: readonly ToldShape[],
  said: Words,
  language: Language,
): readonly Line[] {
  return story.flatMap((told) =>
    told.events.flatMap((event, index) => {
      const text = line(event, said, language);
      if (text === null) return [];
      const number = typeof event.case === "number" ? event.case : 0;
      return [
        {
          key: `${told.version}/${index}`,
          version: told.version,
          at: told.at,
          case: number,
          text,
          byItself: BY_ITSELF.has(String(event.type)),
        },
      ];
    }),
  );
}

function line(event: Event, said: Words, language: Language): string | null {
  const word = (name: string) => (typeof event[name] === "string" ? (event[name] as string) : "");
  const desk = (name: string) => deskName(deskOf(event[name]), language);
  switch (event.type) {
    case "TakenOver":
      return said.takenOver(desk("from_desk"), desk("by"));
    case "Transferred":
      return said.transferred(desk("from_desk"), desk("to_desk"));
    case "Referred":
      return said.referred(desk("from_desk"), desk("to_desk"));
    case "ReferralEnded":
      return said.referralEnded(
        desk("desk"),
        said[`outcome_${word("outcome")}` as "outcome_answered"],
      );
    case "CaseResolved":
      return said.resolved(code(word("reason"), language));
    case "ServiceRated": {
      const reasons = Array.isArray(event.reasons) ? (event.reasons as RatingReason[]) : [];
      const why = reasons.map((one) => ` · ${ratingReason(one, language)}`).join("");
      return said.rated(Number(event.score)) + why;
    }
    case "CaseUnassigned":
      return said[`left_${word("reason")}` as "left_absent"] ?? null;
    case "CaseReopened":
      return said.reopened;
    case "CaseClosed":
      return said.closed;
    case "Decided":
      return said.decided(code(word("decision"), language));
    case "FollowUpSet":
      return said.followUp(time(word("due_at"), language));
    case "CasesMerged":
      return said.merged(Number(event.into));
    case "CaseSplit":
      return said.split(Number(event.new_case));
    case "Reclassified":
      return said.reclassified(code(word("issue"), language));
    case "Attributed": {
      const found = attributionOfEvent(event);
      return found.found ? said.attributed(inWords(found, language)) : null;
    }
    case "CallBackRequested":
      return said.callBack(time(word("due_at"), language));
    case "BreachNoted":
      if (word("breach") === "not_coming") return said.notComing(day(word("due_at"), language));
      return said.breach(code(word("breach"), language), endsOn(word("due_at"), language));
    case "ConsumerTold":
      return told(event, said, language);
    default:
      return null;
  }
}

function told(event: Event, said: Words, language: Language): string | null {
  const notice = typeof event.notice === "string" ? event.notice : "";
  const words = said[`notice_${notice}` as keyof Words];
  if (typeof words !== "string") return null;
  const amount = Number(event.amount_minor ?? 0);
  const currency = typeof event.currency === "string" ? event.currency : "";
  const about = amount > 0 && currency ? ` ${money(amount, currency, language)}` : "";
  const until = typeof event.until === "string" ? said.until(time(event.until, language)) : "";
  return said.toldConsumer(`${words}${about}${until}`);
}

/** A desk, as events write it: its kind and its party in one list or one object. */
export function deskOf(written: unknown): string {
  if (typeof written === "string") return written;
  if (Array.isArray(written)) return String(written[0] ?? "");
  if (typeof written === "object" && written !== null && "kind" in written) {
    return String(written.kind);
  }
  return "";
}
