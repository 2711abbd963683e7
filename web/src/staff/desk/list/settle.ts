import type { ListedShape } from "../../../api/schema";
import { keyOf } from "../address";

type Row = { consumer: string; conversation: string; case: number };
export type Shown<R extends Row = ListedShape> = { row: R; gone: boolean };

/**
 * What a list shows, given what it showed and what there is now. Rows keep their places while a
 * hand is on them; what has gone is only dimmed then. What is new waits until it is asked for.
 */
export function settled<R extends Row>(
  before: readonly Shown<R>[],
  now: readonly R[],
  hand: boolean,
): readonly Shown<R>[] {
  const found = new Map(now.map((row) => [keyOf(row), row]));
  if (hand) {
    return before.map(({ row }) => {
      const latest = found.get(keyOf(row));
      return { row: latest ?? row, gone: latest === undefined };
    });
  }
  const known = new Set(before.map(({ row }) => keyOf(row)));
  return now.filter((row) => known.has(keyOf(row))).map((row) => ({ row, gone: false }));
}

/**
 * The same of a list that is only loaded in part, where it is known of each row whether it has gone.
 * While a hand is there nothing comes between the rows, only behind them.
 */
export function stayed(
  before: readonly Shown[],
  now: readonly Shown[],
  hand: boolean,
): readonly Shown[] {
  if (!hand) return now.filter(({ gone }) => !gone);
  const known = new Set(before.map(({ row }) => keyOf(row)));
  const end = now.findLastIndex(({ row }) => known.has(keyOf(row)));
  return now.filter(({ row, gone }, index) => known.has(keyOf(row)) || (!gone && index > end));
}

/** How many there are that are not shown yet. */
export function fresh(shown: readonly Shown[], now: readonly ListedShape[]): number {
  const known = new Set(shown.map(({ row }) => keyOf(row)));
  return now.filter((row) => !known.has(keyOf(row))).length;
}
