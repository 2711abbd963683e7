import { useRef } from "react";
import { keyOf } from "../address";
import type { Shown } from "./settle";

/** Choosing one row, or all from the last one that was chosen up to another. */
export function useRange(
  rows: readonly Shown[],
  chosen: ReadonlySet<string>,
  onChoose: (keys: readonly string[], on: boolean) => void,
) {
  const anchor = useRef<string>(undefined);
  const keyAt = (index: number) => {
    const shown = rows[index];
    return shown && keyOf(shown.row);
  };
  const toggle = (index: number) => {
    const key = keyAt(index);
    if (!key) return;
    anchor.current = key;
    onChoose([key], !chosen.has(key));
  };
  const upTo = (index: number) => {
    const begun = rows.findIndex(({ row }) => keyOf(row) === anchor.current);
    const [first, last] =
      begun < 0 ? [index, index] : [Math.min(begun, index), Math.max(begun, index)];
    onChoose(
      rows.slice(first, last + 1).map(({ row }) => keyOf(row)),
      true,
    );
    anchor.current = keyAt(index);
  };
  return { toggle, upTo };
}
