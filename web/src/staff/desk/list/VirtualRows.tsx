import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef } from "react";
import type { ListedShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { keyOf } from "../address";
import { useCommand } from "../keys/commands";
import { CaseRow } from "./CaseRow";
import type { Shown } from "./settle";
import { words } from "./words";

const ROW_PX = 74;
const AHEAD = 150;

type Props = {
  label: string;
  rows: readonly Shown[];
  current: string | null;
  /** Asks for what follows; null where nothing does, or it is under way. */
  more: (() => unknown) | null;
  onLook: (row: ListedShape) => void;
};

/** A list of any length: only what is seen is drawn, and what follows is there before it is seen. */
export function VirtualRows({ label, rows, current, more, onLook }: Props) {
  const said = useWords(words);
  const outer = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => outer.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => (rows[index] ? keyOf(rows[index].row) : index),
    overscan: 8,
  });
  const drawn = list.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - AHEAD) void more();
  }, [more, last, rows.length]);

  const move = useCallback(
    (by: number) => {
      const links = outer.current?.querySelectorAll<HTMLElement>("[data-index]");
      const focused = document.activeElement?.closest<HTMLElement>("[data-index]");
      const from =
        focused && outer.current?.contains(focused)
          ? Number(focused.dataset.index)
          : rows.findIndex(({ row }) => keyOf(row) === current);
      const to = Math.min(Math.max(from + by, 0), rows.length - 1);
      if (!links || to < 0) return;
      list.scrollToIndex(to);
      requestAnimationFrame(() => {
        outer.current?.querySelector<HTMLElement>(`[data-index="${to}"] a`)?.focus();
      });
    },
    [list, rows, current],
  );
  useCommand({ id: "down", name: said.down, letter: "j", run: () => move(1) });
  useCommand({ id: "up", name: said.up, letter: "k", run: () => move(-1) });

  return (
    // It scrolls, so those without a mouse must be able to get into it even while it is empty.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus
    <section ref={outer} className="rows" aria-label={label} tabIndex={0}>
      <ul style={{ height: list.getTotalSize() }} aria-label={label}>
        {drawn.map((item) => {
          const shown = rows[item.index];
          if (!shown) return null;
          return (
            <li
              key={item.key}
              data-index={item.index}
              style={{ transform: `translateY(${item.start}px)`, height: ROW_PX }}
            >
              <CaseRow
                row={shown.row}
                gone={shown.gone}
                current={keyOf(shown.row) === current}
                onLook={onLook}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
