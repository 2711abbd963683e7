import type { ChoiceShape } from "../../../api/schema";

// For which reasons a case about this is made good, the likeliest first.
const REASONS: Record<string, readonly string[]> = {
  late_shipping: ["late", "changed_mind"],
  late_delivery: ["late", "not_received"],
  no_movement: ["not_received", "late"],
  fake_tracking: ["not_received", "late"],
  not_coming: ["not_received", "changed_mind"],
  courier: ["not_received", "damaged"],
  wrong_handover: ["not_received"],
  missing_part: ["missing_part"],
  wrong_item: ["wrong_item"],
  quality: ["quality", "damaged", "spoiled"],
  refund: ["changed_mind", "quality"],
  return: ["changed_mind", "not_as_described"],
  exchange: ["quality", "wrong_item"],
  price: ["price_drop"],
  content: ["not_as_described"],
  offer: ["not_as_described"],
};
const CHANGES = ["change_items", "change_address", "change_payment"];

/** What can be given, in the order in which an agent will think of it for a case about this. */
export function ranked(choices: readonly ChoiceShape[], issue: string): readonly ChoiceShape[] {
  const fitting = REASONS[issue] ?? [];
  const rank = (one: ChoiceShape) => {
    const fits = fitting.indexOf(one.reason);
    return [
      one.needs ? 1 : 0,
      CHANGES.includes(one.kind) ? 1 : 0,
      fits < 0 ? fitting.length : fits,
      one.evidence ?? 0,
      one.at_once ? 0 : 1,
    ];
  };
  return [...choices].sort((one, other) => compare(rank(one), rank(other)));
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const difference = value - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
