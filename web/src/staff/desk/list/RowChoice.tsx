import { Checkbox } from "@mantine/core";
import { memo } from "react";
import type { ListedShape } from "../../../api/schema";
import { plainText } from "../../../shared/plainText";
import { useWords } from "../../../shared/words";
import { useCode } from "../useCode";
import { words } from "./words";

type Props = { row: ListedShape; chosen: boolean; onToggle: () => void };

/** Whether a row is chosen to be acted on with others. */
export const RowChoice = memo(function RowChoice({ row, chosen, onToggle }: Props) {
  const said = useWords(words);
  const code = useCode();
  const who = row.name ? plainText(row.name) : said.unnamed;
  return (
    <Checkbox
      size="sm"
      className="row-choice"
      aria-label={said.choose(`${who} · ${code(row.issue)}`)}
      checked={chosen}
      onChange={onToggle}
    />
  );
});
