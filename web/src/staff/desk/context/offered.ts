import type { RemedyShape, ReplaceableShape, WishShape } from "../../../api/schema";
import { wishOf } from "./usePreview";

type Variant = NonNullable<ReplaceableShape["variants"]>[number];

/** What is filled in of an offer: by item how many, and what comes in its place. */
export type Offered = {
  kind: WishShape["kind"];
  quantities: Readonly<Record<number, number>>;
  instead: Readonly<Record<number, Variant | null>>;
};

/** The part of the order that a remedy is about. */
export function partOf(remedy: RemedyShape): number {
  return remedy.lines[0]?.part ?? 1;
}

type Offering = {
  remedy: RemedyShape;
  offered: Offered;
  /** Less than all of it; null: all. */
  minor: number | null;
  currency: string;
  items: readonly ReplaceableShape[];
};

/** The wish that this offers. Where one item is exchanged for another, each needs to be named. */
export function offeredWish({ remedy, offered, minor, currency, items }: Offering): WishShape {
  const { kind, quantities, instead } = offered;
  const part = partOf(remedy);
  const lines = remedy.lines
    .map(({ item, quantity }) => ({ part, item, quantity: quantities[item] ?? quantity }))
    .filter((line) => line.quantity > 0);
  const other = kind === "exchange" && lines.some((line) => instead[line.item]);
  return {
    ...wishOf(part, { kind, reason: remedy.reason }),
    ...{
      lines,
      replacements: other ? lines.flatMap(({ item }) => comes(item, instead, items)) : [],
    },
    ...(minor === null ? {} : { amount_minor: minor, currency }),
  };
}

/** What was chosen for the item, else what was bought, at its price of now. */
function comes(
  item: number,
  instead: Offered["instead"],
  items: readonly ReplaceableShape[],
): NonNullable<WishShape["replacements"]> {
  const known = items.find((one) => one.item === item);
  const variant =
    instead[item] ?? known?.variants?.find((one) => one.variant === known.bought) ?? null;
  if (!known || !variant) return [];
  const { listing } = known;
  return [{ listing, variant: variant.variant, unit_price_minor: variant.price_minor }];
}
