import { useRef } from "react";
import type { PartShape, PreviewShape } from "../../api/schema";
import { isolated } from "../../shared/plainText";
import { useWords } from "../../shared/words";
import { words } from "../order/words";
import { Button } from "../parts/Button";
import type { Wish } from "./useWish";

/** How many of each item, where there is anything to choose. */
export function Quantities({
  part,
  shown,
  wish,
  onWish,
}: {
  part: PartShape;
  shown: PreviewShape;
  wish: Wish;
  onWish: (wish: Wish) => void;
}) {
  const said = useWords(words);
  const now = quantitiesOf(shown);
  // All that is left is what is shown as long as nothing was chosen. Where that was never shown the
  // preview says what is too much.
  const left = useRef<Record<number, number>>(undefined);
  if (!wish.quantities) left.current = now;
  const items = part.items.map((item, at) => ({ item, place: at + 1 }));
  if (items.length === 1 && items[0]?.item.quantity === 1) return null;
  const change = (place: number, quantity: number) => {
    const quantities = { ...(wish.quantities ?? now), [place]: quantity };
    if (Object.values(quantities).some((one) => one > 0)) onWish({ ...wish, quantities });
  };
  return (
    <ul className="plain items">
      {items.map(({ item, place }) => {
        const count = (wish.quantities ?? now)[place] ?? 0;
        const title = isolated(item.title ?? said.item);
        const most = left.current ? (left.current[place] ?? 0) : item.quantity;
        return (
          <li key={place}>
            <span>{title}</span>
            <span className="stepper">
              <Button
                aria-label={said.fewer(title)}
                disabled={count === 0}
                onClick={() => change(place, count - 1)}
              >
                −
              </Button>
              <output aria-label={said.quantity(title)}>{count}</output>
              <Button
                aria-label={said.more(title)}
                disabled={count >= most}
                onClick={() => change(place, count + 1)}
              >
                +
              </Button>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function quantitiesOf(shown: PreviewShape): Record<number, number> {
  const found: Record<number, number> = {};
  for (const line of shown.lines ?? []) found[line.item] = (found[line.item] ?? 0) + line.quantity;
  return found;
}
