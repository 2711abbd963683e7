import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useWords } from "../../../shared/words";
import { useDeskNames } from "../../names/useDeskNames";
import { useSession } from "../../session/session";
import { isDesk, useAnsweredDesks, useDesksNamed } from "./desks";
import { words } from "./words";

/** How long a person pauses who has written as much of a name as they want to. */
const PAUSE_MS = 250;

type Props = {
  value: string;
  onPick: (desk: string) => void;
  /** Where all desks may be looked at together: what that is called; its value is "". */
  all?: string;
};

/** Which desk is looked at, of those for which one answers; an admin may write any other's id, or
 * how its name begins. */
export function DeskPick({ value, onPick, all }: Props) {
  const said = useWords(words);
  const { role } = useSession();
  const known = useAnsweredDesks();
  const [typed, setTyped] = useState("");
  const written = role === "admin" && isDesk(typed.trim()) ? [typed.trim()] : [];
  const [begins] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const named = useDesksNamed(begins);
  const desks = [...new Set([...known, value, ...written, ...named])].filter((one) => one !== "");
  const name = useDeskNames(desks);
  return (
    <Select
      label={said.desk}
      data={[
        ...(all ? [{ value: "", label: all }] : []),
        ...desks.map((desk) => ({ value: desk, label: name(desk) })),
      ]}
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
      onChange={(desk) => desk !== null && onPick(desk)}
    />
  );
}
