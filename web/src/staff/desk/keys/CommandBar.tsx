import { Spotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import { useWords } from "../../../shared/words";
import { atOnce } from "./atOnce";
import { useCommands } from "./commands";
import { words } from "./words";

/** Ctrl+K: everything that can be done now, found by typing. */
export function CommandBar() {
  const said = useWords(words);
  const commands = useCommands();
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
      searchProps={{ ref: atOnce, placeholder: said.search, "aria-label": said.search }}
      actions={commands.map((one) => ({
        id: one.id,
        label: one.name,
        onClick: one.run,
        ...(one.letter ? { rightSection: <kbd>{one.letter.toUpperCase()}</kbd> } : {}),
      }))}
    />
  );
}
