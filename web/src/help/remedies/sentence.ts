import type { RemedyNowShape, RemedyShape } from "../../api/schema";
import { dayWord, lastDayWord, moment, money, time } from "../../shared/format";
import { type Language, spoken } from "../../shared/words";
import { words } from "./words";

type Clock = NonNullable<RemedyShape["clocks"]>[number]["kind"];
type Way = "sent" | "sentBack" | "sentToBalance" | "sentAsCoupon";
type Now = Pick<RemedyNowShape, "kind" | "status" | "refund" | "amount_minor"> &
  Partial<Pick<RemedyNowShape, "next" | "refund_by" | "sent_at" | "offer">> & {
    way?: Way;
  };

/** "Refund ¥89.00", or only what it is where no money belongs to it. */
export function named(
  remedy: { kind: RemedyShape["kind"]; amount_minor: number },
  currency: string,
  language: Language,
): string {
  const what = spoken(words, language)[remedy.kind];
  if (!remedy.amount_minor) return what;
  return `${what} ${money(remedy.amount_minor, currency, language)}`;
}

/** Until when something happens by itself; undefined where no such clock runs. */
export function due(remedy: RemedyShape, ...kinds: Clock[]): string | undefined {
  return remedy.clocks?.find((one) => kinds.includes(one.kind))?.due_at;
}

/** The parcel with which it goes back: under the last label that was given, or the consumer's own. */
export function parcelBack(remedy: RemedyShape) {
  return remedy.journey?.parcels?.filter((one) => !one.outward).at(-1);
}

/** Where a remedy stands and what comes by when, in one sentence. */
export function sentenceOf(remedy: Now, currency: string, language: Language): string {
  const said = spoken(words, language);
  const what = named(remedy, currency, language);
  const next = remedy.next;
  const by = (at: string) => lastDayWord(at, language);
  if (remedy.status === "withdrawn") return said.withdrawn(what);
  if (remedy.status === "refused" && !next) return said.refused(what);
  if (remedy.refund === "failed") {
    return next?.kind === "name_route"
      ? said.routeWanted(what, moment(next.due_at, language))
      : said.moneyFailed(what);
  }
  if (remedy.offer && next?.kind === "choose") {
    const offered = named(remedy.offer, currency, language);
    return said.offered(offered, time(next.due_at, language));
  }
  if (next?.kind === "answer") return said.answerBy(what, time(next.due_at, language));
  if (next?.kind === "send_back") return said.sendBack(what, moment(next.due_at, language));
  if (next?.kind === "inspect") {
    return remedy.status === "received"
      ? said.inspected(what, by(next.due_at))
      : said.underWay(what);
  }
  if (remedy.status === "refused" && next?.kind === "send") {
    return said.theirsBy(what, by(next.due_at));
  }
  if (next?.kind === "send" || next?.kind === "repair") {
    return said.goodsBy(what, by(next.due_at));
  }
  if (remedy.refund === "credited") return said.credited(what);
  if (remedy.refund === "sent" && remedy.sent_at)
    return said[remedy.way ?? "sent"](what, dayWord(remedy.sent_at, language));
  if (remedy.refund_by) return said.approved(what, by(remedy.refund_by));
  if (remedy.status === "requested") return said.asked(what);
  return remedy.status === "approved" ? said.approvedPlain(what) : said.done(what);
}

/** The same of one that is known in full: offers, disputes and parcels have sentences of their own. */
export function fullSentenceOf(remedy: RemedyShape, currency: string, language: Language): string {
  const said = spoken(words, language);
  const what = named(remedy, currency, language);
  if (remedy.counter_offer) {
    const offered = named(remedy.counter_offer, currency, language);
    const until = due(remedy, "counter_offer");
    return until ? said.offered(offered, time(until, language)) : said.asked(what);
  }
  if (remedy.dispute?.due_at) {
    const until = due(remedy, "decision");
    return until ? said.decidedBy(what, lastDayWord(until, language)) : said.disputed(what);
  }
  if (remedy.journey?.back === "intercepting") return said.intercepting(what);
  if (remedy.journey?.back === "missed") return said.missed(what);
  if (remedy.journey?.out === "under_way") return said.goodsOut(what);
  const told = parcelBack(remedy)?.told_at;
  const scanBy = due(remedy, "ship_back");
  if (told && scanBy) return said.told(what, moment(told, language), moment(scanBy, language));
  return sentenceOf(inOneLine(remedy), currency, language);
}

const OTHER_WAYS: Record<string, Way> = { balance: "sentToBalance", coupon: "sentAsCoupon" };

/** How its money went. What went in several ways, or otherwise than at first, was only sent. */
function wayOf(legs: NonNullable<RemedyShape["legs"]>): Way {
  const failed = legs.some(({ status }) => status === "failed" || status === "replaced");
  const usual = failed ? "sent" : "sentBack";
  const sent = legs.filter((leg) => leg.sent_at);
  const ways = new Set(sent.map(({ method }) => OTHER_WAYS[method] ?? usual));
  const [way] = ways;
  return way && ways.size === 1 ? way : "sent";
}

function inOneLine(remedy: RemedyShape): Now {
  const { kind, status, refund, amount_minor, steps } = remedy;
  const next = steps?.[0];
  const refund_by = steps?.find((step) => step.kind === "refund")?.due_at;
  const sent_at = remedy.legs
    ?.flatMap((leg) => leg.sent_at ?? [])
    .sort()
    .at(-1);
  return {
    ...{ kind, status, refund, amount_minor, way: wayOf(remedy.legs ?? []) },
    ...(next && { next }),
    ...(refund_by && { refund_by }),
    ...(sent_at && { sent_at }),
  };
}
