import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef } from "react";
import type { ListedShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { keyOf } from "../address";
import { useCommand } from "../keys/commands";
import { CaseRow } from "./CaseRow";
import { RowChoice } from "./RowChoice";
import type { Shown } from "./settle";
import { useRange } from "./useRange";
import { words } from "./words";

/** Of a row, as its letters grow with what somebody has chosen in their browser. */
const ROW_REM = 4.625;
const AHEAD = 150;

type Props = {
  label: string;
  rows: readonly Shown[];
  current: string | null;
  /** Asks for what follows; null where nothing does, or it is under way. */
  more: (() => unknown) | null;
  onLook: (row: ListedShape) => void;
  /** What is chosen to be acted on together, by keys. */
  chosen: ReadonlySet<string>;
  onChoose: (keys: readonly string[], on: boolean) => void;
};

/** A list of any length: only what is seen is drawn, and what follows is there before it is seen. */
export function VirtualRows(props: Props) {
  const { label, rows, current, more, onLook, chosen, onChoose } = props;
  const said = useWords(words);
  const outer = useRef<HTMLDivElement>(null);
  const height = useMemo(() => ROW_REM * remPx(), []);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => outer.current,
    estimateSize: () => height,
    getItemKey: (index) => (rows[index] ? keyOf(rows[index].row) : index),
    overscan: 8,
  });
  const drawn = list.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - AHEAD) void more();
  }, [more, last, rows.length]);

  const at = useCallback(() => {
    const focused = document.activeElement?.closest<HTMLElement>("[data-index]");
    return focused && outer.current?.contains(focused)
      ? Number(focused.dataset.index)
      : rows.findIndex(({ row }) => keyOf(row) === current);
  }, [rows, current]);
  const move = useCallback(
    (by: number) => {
      const to = Math.min(Math.max(at() + by, 0), rows.length - 1);
      if (!outer.current || to < 0) return;
      list.scrollToIndex(to);
      const link = () => outer.current?.querySelector<HTMLElement>(`[data-index="${to}"] a`);
      // What is drawn already has the focus before the next key comes.
      const drawn = link();
      if (drawn) drawn.focus();
      else requestAnimationFrame(() => link()?.focus());
    },
    [list, rows, at],
  );
  useCommand({ id: "down", name: said.down, letter: "j", run: () => move(1) });
  useCommand({ id: "up", name: said.up, letter: "k", run: () => move(-1) });
  const { toggle, upTo } = useRange(rows, chosen, onChoose);
  useCommand({ id: "choose", name: said.chooseOne, letter: "x", run: () => toggle(at()) });

  return (
    // It scrolls, so those without a mouse must be able to get into it even while it is empty.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus
    <section ref={outer} className="rows" aria-label={label} tabIndex={0}>
      <ul
        style={{ height: list.getTotalSize() }}
        aria-label={label}
        data-choosing={chosen.size > 0 || undefined}
      >
        {drawn.map((item) => {
          const shown = rows[item.index];
          if (!shown) return null;
          return (
            <li
              key={item.key}
              data-index={item.index}
              style={{ transform: `translateY(${item.start}px)`, height }}
              data-chosen={chosen.has(keyOf(shown.row)) || undefined}
              onClickCapture={(event) => {
                // With Shift a click chooses all from the last that was chosen, and opens nothing.
                if (!event.shiftKey) return;
                event.preventDefault();
                event.stopPropagation();
                upTo(item.index);
              }}
            >
              <CaseRow
                row={shown.row}
                gone={shown.gone}
                current={keyOf(shown.row) === current}
                onLook={onLook}
              />
              <RowChoice
                row={shown.row}
                chosen={chosen.has(keyOf(shown.row))}
                onToggle={() => toggle(item.index)}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function remPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
