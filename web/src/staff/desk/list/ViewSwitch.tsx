import { Select } from "@mantine/core";
import type { ViewShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { words } from "./words";

type Props = {
  views: readonly ViewShape[];
  chosen: string | null;
  onChosen: (view: string | null) => void;
};

/** Saved views, where there are any: one of them stands in the place of the lists. */
export function ViewSwitch({ views, chosen, onChosen }: Props) {
  const said = useWords(words);
  if (views.length === 0) return null;
  return (
    <Select
      size="xs"
      aria-label={said.views}
      placeholder={said.views}
      clearable
      clearButtonProps={{ "aria-label": said.noView }}
      value={chosen}
      data={views.map((one) => ({ value: one.id, label: one.view.name }))}
      onChange={onChosen}
    />
  );
}
