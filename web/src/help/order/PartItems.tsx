import type { PartShape } from "../../api/schema";
import { money } from "../../shared/format";
import { ItemPicture } from "../../shared/ItemPicture";
import { isolated } from "../../shared/plainText";
import { useLanguage, useWords } from "../../shared/words";
import { words } from "./words";

/** What a part is made of, and what was paid for it. */
export function PartItems({ part, currency }: { part: PartShape; currency: string }) {
  const said = useWords(words);
  const { language } = useLanguage();
  return (
    <ul className="plain items">
      {part.items.map((item, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item is known by its place in its part
        <li key={place}>
          <ItemPicture address={item.picture} title={item.title ?? said.item} />
          <span className="item-name">
            {isolated(item.title ?? said.item)} {item.quantity > 1 && said.times(item.quantity)}
          </span>
          {currency && <span>{money(item.paid_minor, currency, language)}</span>}
        </li>
      ))}
    </ul>
  );
}
