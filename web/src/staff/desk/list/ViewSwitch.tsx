import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { words } from "./words";

type Props = { chosen: string | null; onChosen: (view: string | null) => void };

/** Saved views, where there are any: one of them stands in the place of the lists. */
export function ViewSwitch({ chosen, onChosen }: Props) {
  const said = useWords(words);
  const { data } = useQuery({
    queryKey: ["desk", "views"],
    queryFn: () => answer(api.GET("/v1/desk/views")),
    staleTime: 60_000,
  });
  if (!data || data.items.length === 0) return null;
  return (
    <Select
      size="xs"
      aria-label={said.views}
      placeholder={said.views}
      clearable
      clearButtonProps={{ "aria-label": said.noView }}
      value={chosen}
      data={data.items.map((one) => ({ value: one.id, label: one.view.name }))}
      onChange={onChosen}
    />
  );
}
