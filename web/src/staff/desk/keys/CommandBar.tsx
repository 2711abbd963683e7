import { Spotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import { useCallback, useRef, useState } from "react";
import { useWords } from "../../../shared/words";
import { useGo } from "../address";
import { useCode } from "../useCode";
import { atOnce } from "./atOnce";
import { useCommands } from "./commands";
import { type Found, useFound } from "./useFound";
import { words } from "./words";

/** Ctrl+K: everything that can be done now, and every case that may be seen, found by typing. */
export function CommandBar() {
  const said = useWords(words);
  const commands = useCommands();
  const code = useCode();
  const go = useGo();
  const [text, setText] = useState("");
  const { named, found, error } = useFound(text);
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
  const told = ({ case: number, issue, status }: Found) =>
    [
      said.openCase(number),
      ...(issue ? [code(issue)] : []),
      ...(status ? [code(status)] : []),
    ].join(" · ");
  return (
    <Spotlight
      shortcut="mod + K"
      // From within a text field, too: that is where an agent's hands are.
      tagsToIgnore={[]}
      highlightQuery
      scrollable
      maxHeight={400}
      query={text}
      onQueryChange={setText}
      nothingFound={
        named ? (found ? said.noCase : error ? said.failed : said.looking) : said.nothing
      }
      transitionProps={{ duration: 0 }}
      returnFocus={false}
      onSpotlightClose={closed}
      searchProps={{ ref: opened, placeholder: said.search, "aria-label": said.search }}
      actions={[
        ...(found ?? []).map((one) => ({
          id: `${one.conversation}/${one.case}`,
          label: told(one),
          // It was found by the whole of what is written.
          keywords: text,
          onClick: () => go(one),
        })),
        ...commands.map((one) => ({
          id: one.id,
          label: one.name,
          onClick: one.run,
          ...(one.letter ? { rightSection: <kbd>{one.letter.toUpperCase()}</kbd> } : {}),
        })),
      ]}
    />
  );
}
