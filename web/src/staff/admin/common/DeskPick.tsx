import { Select } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../../shared/words";
import { useDeskNames } from "../../names/useDeskNames";
import { useSession } from "../../session/session";
import { isDesk, useAnsweredDesks } from "./desks";
import { words } from "./words";

/** Which desk is looked at, of those for which one answers; an admin may write any other's id. */
export function DeskPick({ value, onPick }: { value: string; onPick: (desk: string) => void }) {
  const said = useWords(words);
  const { role } = useSession();
  const known = useAnsweredDesks();
  const [typed, setTyped] = useState("");
  const written = role === "admin" && isDesk(typed.trim()) ? [typed.trim()] : [];
  const desks = [...new Set([...known, value, ...written])];
  const name = useDeskNames(desks);
  return (
    <Select
      label={said.desk}
      data={desks.map((desk) => ({ value: desk, label: name(desk) }))}
      value={value}
      allowDeselect={false}
      searchable={desks.length > 5 || role === "admin"}
      // An id that was written is found although its name begins otherwise.
      filter={({ options, search }) =>
        options.filter(
          (one) =>
            "value" in one &&
            `${one.label} ${one.value}`.toLowerCase().includes(search.trim().toLowerCase()),
        )
      }
      onSearchChange={setTyped}
      onChange={(desk) => desk && onPick(desk)}
    />
  );
}
