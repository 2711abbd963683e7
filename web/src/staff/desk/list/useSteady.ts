import { useCallback, useState } from "react";
import type { ListedShape } from "../../../api/schema";
import { fresh, type Shown, settled } from "./settle";

type Held = {
  list: string;
  rows: readonly ListedShape[] | undefined;
  hand: boolean;
  shown: readonly Shown[];
};

/** The rows of the list of this name, steady under a hand; and what is new, behind a pill. */
export function useSteady(list: string, rows: readonly ListedShape[] | undefined, hand: boolean) {
  const [held, setHeld] = useState<Held>(() => begun(list, rows, hand));
  let current = held;
  if (held.list !== list || (held.rows === undefined && rows !== undefined)) {
    current = begun(list, rows, hand);
  } else if (rows !== undefined && (held.rows !== rows || held.hand !== hand)) {
    // Into an empty list what comes may come at once: there is nothing that could jump.
    const shown = held.shown.length === 0 ? whole(rows) : settled(held.shown, rows, hand);
    current = { list, rows, hand, shown };
  }
  if (current !== held) setHeld(current);
  const takeIn = useCallback(() => {
    setHeld((one) => ({ ...one, shown: whole(one.rows) }));
  }, []);
  return { shown: current.shown, fresh: fresh(current.shown, rows ?? []), takeIn };
}

function begun(list: string, rows: readonly ListedShape[] | undefined, hand: boolean): Held {
  return { list, rows, hand, shown: whole(rows) };
}

function whole(rows: readonly ListedShape[] | undefined): readonly Shown[] {
  return (rows ?? []).map((row) => ({ row, gone: false }));
}
