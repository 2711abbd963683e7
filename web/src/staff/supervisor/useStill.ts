import { useState } from "react";
import type { WallCaseShape } from "../../api/schema";
import { type Shown, settled } from "../desk/list/settle";

type Row = Pick<WallCaseShape, "consumer" | "conversation" | "case">;

/** Rows that come anew from time to time, and keep their places while a hand is on them: `over` is
 * what it may be on. What has gone meanwhile is marked. */
export function useStill<R extends Row>(rows: readonly R[]) {
  const [hand, setHand] = useState(false);
  const [held, setHeld] = useState({ rows, hand, shown: whole(rows) });
  let current = held;
  if (held.rows !== rows || held.hand !== hand) {
    current = { rows, hand, shown: hand ? settled(held.shown, rows, true) : whole(rows) };
    setHeld(current);
  }
  const over = {
    onPointerEnter: () => setHand(true),
    onPointerLeave: () => setHand(false),
  };
  return { shown: current.shown, over };
}

function whole<R extends Row>(rows: readonly R[]): readonly Shown<R>[] {
  return rows.map((row) => ({ row, gone: false }));
}
