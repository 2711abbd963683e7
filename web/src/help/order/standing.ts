import type { OrderShape, PartShape } from "../../api/schema";
import { serverTime } from "../../api/serverTime";
import { dayWord, lastDayWord, money } from "../../shared/format";
import { type Language, spoken } from "../../shared/words";
import { words } from "./words";

/** Whether what was promised of a part is broken, or will be as things stand. Nobody waits for one
 * that is cancelled. */
export function isLate({ standing }: PartShape): boolean {
  if (standing.stage === "cancelled") return false;
  return standing.late === true || slips(standing);
}

/** Where a part stands against what was promised, in one sentence; in days of where it was bought,
 * as they were promised. */
export function standing(order: OrderShape, part: PartShape, language: Language): string {
  const said = spoken(words, language);
  const zone = order.timezone;
  const word = (at: string | null | undefined) => (at ? dayWord(at, language, zone) : "");
  const by = (at: string) => lastDayWord(at, language, zone);
  const { stage, since, ship_by, deliver_by, late } = part.standing;
  switch (stage) {
    case "cancelled":
      if (part.standing.ended_by) return presaleOver(order, part, language);
      return said.cancelledOn(word(since));
    case "delivered":
      if (!deliver_by) return said.delivered(word(since));
      return since && new Date(since) > new Date(deliver_by)
        ? said.deliveredLate(word(since), by(deliver_by))
        : said.deliveredKept(word(since));
    case "shipped":
      if (order.shipments?.some((one) => waits(one, part))) return said.ready;
      if (doesNotCome(order, part)) return said.doesNotCome;
      return coming(part, by, language) ?? said.underWay;
    case "unshipped":
      if (late && ship_by && new Date(ship_by) < serverTime()) return said.notShipped(by(ship_by));
      return coming(part, by, language) ?? (ship_by ? said.shipsBy(by(ship_by)) : said.ordered);
  }
}

function presaleOver(order: OrderShape, part: PartShape, language: Language): string {
  const said = spoken(words, language);
  const { ended_by, kept_minor } = part.standing;
  if (ended_by === "merchant") return said.presaleTheirs;
  const ended = ended_by === "consumer" ? said.presaleYours : said.presaleUnpaid;
  if (!kept_minor) return ended;
  const kept = said.depositKept(money(kept_minor, order.currency ?? "", language));
  return `${ended}${language === "zh" ? "" : " "}${kept}`;
}

function coming(
  part: PartShape,
  by: (at: string) => string,
  language: Language,
): string | undefined {
  const said = spoken(words, language);
  const { deliver_by, expected_at, late } = part.standing;
  if (deliver_by && expected_at && slips(part.standing)) {
    return said.promisedNowExpected(by(deliver_by), by(expected_at));
  }
  if (deliver_by) return late ? said.promisedLate(by(deliver_by)) : said.promisedBy(by(deliver_by));
  return expected_at ? said.expected(by(expected_at)) : undefined;
}

function slips({ deliver_by, expected_at }: PartShape["standing"]): boolean {
  return Boolean(deliver_by && expected_at && new Date(expected_at) > new Date(deliver_by));
}

function waits(shipment: NonNullable<OrderShape["shipments"]>[number], part: PartShape): boolean {
  return shipment.status === "ready_for_pickup" && [0, part.number].includes(shipment.part);
}

/** All that was sent of a part went back or is lost: nothing of it is expected any more. */
function doesNotCome(order: OrderShape, part: PartShape): boolean {
  const sent = order.shipments?.filter((one) => one.part === part.number) ?? [];
  return sent.length > 0 && sent.every(({ status }) => status === "returned" || status === "lost");
}
