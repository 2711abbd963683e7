import { Text } from "@mantine/core";
import type { BoughtShape } from "../../api/schema";
import { day } from "../../shared/format";
import { plainText } from "../../shared/plainText";
import { useLanguage, useWords } from "../../shared/words";
import { words } from "./words";

/** What the order was, so that one knows what is decided; nothing where it was no order. */
export function Bought({ bought }: { bought: BoughtShape | null | undefined }) {
  const said = useWords(words);
  const { language } = useLanguage();
  if (!bought) return null;
  const items = bought.items.map(({ title, quantity }) => {
    if (!title) return said.untitled(quantity);
    return quantity > 1 ? `${plainText(title)} ×${quantity}` : plainText(title);
  });
  if (bought.more) items.push(said.andMore(bought.more));
  return (
    <Text size="sm">
      <bdi>{items.join(said.or)}</bdi> · {said.ordered(day(bought.placed_at, language))}
    </Text>
  );
}
