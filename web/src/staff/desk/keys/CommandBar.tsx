import { Spotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import { useCallback, useRef } from "react";
import { useWords } from "../../../shared/words";
import { atOnce } from "./atOnce";
import { useCommands } from "./commands";
import { words } from "./words";

/** Ctrl+K: everything that can be done now, found by typing. */
export function CommandBar() {
  const said = useWords(words);
  const commands = useCommands();
  const search = useRef<HTMLInputElement>(null);
  const before = useRef<Element>(null);
  const opened = useCallback((field: HTMLInputElement | null) => {
    search.current = field;
    if (field && document.activeElement !== field) before.current = document.activeElement;
    atOnce(field);
  }, []);
  // What was done may have moved the focus; else it goes back to where it was.
  const closed = () => {
    const at = document.activeElement;
    const nowhere = at === search.current || at === document.body;
    if (nowhere && before.current instanceof HTMLElement) before.current.focus();
  };
  return (
    <Spotlight
      shortcut="mod + K"
      // From within a text field, too: that is where an agent's hands are.
      tagsToIgnore={[]}
      highlightQuery
      scrollable
      maxHeight={400}
      nothingFound={said.nothing}
      transitionProps={{ duration: 0 }}
      returnFocus={false}
      onSpotlightClose={closed}
      searchProps={{ ref: opened, placeholder: said.search, "aria-label": said.search }}
      actions={commands.map((one) => ({
        id: one.id,
        label: one.name,
        onClick: one.run,
        ...(one.letter ? { rightSection: <kbd>{one.letter.toUpperCase()}</kbd> } : {}),
      }))}
    />
  );
}
