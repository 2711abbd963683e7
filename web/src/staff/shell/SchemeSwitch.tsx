import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useWords } from "../../shared/words";
import { words } from "./words";

/** Light or dark; before it is used, as the system has it. */
export function SchemeSwitch() {
  const said = useWords(words);
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  return (
    <ActionIcon
      variant="subtle"
      aria-label={said.scheme}
      onClick={() => setColorScheme(scheme === "light" ? "dark" : "light")}
    >
      <span aria-hidden>{scheme === "light" ? "☾" : "☀"}</span>
    </ActionIcon>
  );
}
