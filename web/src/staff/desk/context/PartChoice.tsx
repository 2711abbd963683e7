import { Select } from "@mantine/core";
import type { PartShape } from "../../../api/schema";
import { plainText } from "../../../shared/plainText";
import { useWords } from "../../../shared/words";
import type { OrderFile } from "./useOrder";
import { words } from "./words";

type Props = { file: OrderFile; onChosen: (part: number) => void };

/** Of which part something is made good, where the conversation is about the order as a whole. */
export function PartChoice({ file, onChosen }: Props) {
  const said = useWords(words);
  const parts = file.order.parts ?? [];
  if (parts.length < 2) return null;
  const nameOf = ({ number, items }: PartShape) =>
    said.part(
      number,
      items
        .map(({ title }, index) => (title ? plainText(title) : said.item(index + 1)))
        .join(" · "),
    );
  return (
    <Select
      size="xs"
      px="sm"
      label={said.ofPart}
      allowDeselect={false}
      value={String(file.choices.part)}
      data={parts.map((one) => ({ value: String(one.number), label: nameOf(one) }))}
      onChange={(wanted) => wanted && onChosen(Number(wanted))}
    />
  );
}
