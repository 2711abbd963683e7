// Which of all that can be asked for a page shows first: the one best thing, and a few reasons.
import type { ChoiceShape, ChoicesShape, PartShape } from "../../api/schema";
import { isLate } from "./standing";

type Stage = ChoicesShape["stage"];
type Kind = ChoiceShape["kind"];

export const REASONS_MAX = 4;

const REASONS: Record<Stage, string[]> = {
  unshipped: ["late", "changed_mind", "ordered_by_mistake", "price_drop"],
  shipped: ["not_received", "late", "changed_mind", "ordered_by_mistake"],
  delivered: [
    ...["quality", "damaged", "wrong_item", "missing_part", "not_as_described", "spoiled"],
    ...["not_received", "price_drop", "changed_mind"],
  ],
  cancelled: ["changed_mind"],
};
const KINDS: Kind[] = [
  ...(["cancel", "return_and_refund", "refund", "resend", "exchange", "repair"] as const),
  ...(["price_protection", "compensation"] as const),
];
/** These say that something has not come. Of what is on its way the rules say from when on that is
 * possible; of what has not left they fit only where it should have. */
const FITS_LATE = ["late", "not_received"];

/** What can be had for a reason, what does most for it first. What needs more said than a tap can
 * say is not offered here; a person does it. */
export function kindsFor(choices: ChoiceShape[], reason: string): ChoiceShape[] {
  return choices
    .filter((one) => one.reason === reason && !one.needs && KINDS.includes(one.kind))
    .sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind));
}

/** The reasons that fit this part as it stands, the likeliest first. */
export function reasonsFor(found: ChoicesShape, part: PartShape): string[] {
  return REASONS[found.stage].filter((reason) => {
    if (FITS_LATE.includes(reason) && found.stage === "unshipped" && !isLate(part)) return false;
    return kindsFor(found.choices, reason).length > 0;
  });
}

/** The one best thing to do with a part as it stands, if any stands out. */
export function bestOf(found: ChoicesShape, part: PartShape): ChoiceShape | undefined {
  const [first] = reasonsFor(found, part);
  const wanted: Record<Stage, string | undefined> = {
    unshipped: first,
    shipped: first !== undefined && FITS_LATE.includes(first) ? first : undefined,
    delivered: "changed_mind",
    cancelled: undefined,
  };
  const reason = wanted[found.stage];
  return reason === undefined ? undefined : kindsFor(found.choices, reason)[0];
}
