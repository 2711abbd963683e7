import { Button, Menu, Stack, Textarea } from "@mantine/core";
import { useRef } from "react";
import { flushSync } from "react-dom";
import { useWords } from "../../../shared/words";
import { macroWords } from "../../desk/composer/macroWords";
import { VARIABLES, wrongIn } from "./template";
import { words } from "./words";

const LENGTH_MAX = 4_000;

/** A text in one language, with a list of the variables that can be put where one writes. */
export function TemplateField({
  language,
  value,
  onChange,
}: {
  language: "zh" | "en";
  value: string;
  onChange: (text: string) => void;
}) {
  const said = useWords(words);
  const names = useWords(macroWords);
  const field = useRef<HTMLTextAreaElement>(null);
  const wrong = wrongIn(value);
  const why = wrong && ("unknown" in wrong ? said.unknown(wrong.unknown) : said.brace);
  const insert = (variable: string) => {
    const from = field.current?.selectionStart ?? value.length;
    const to = field.current?.selectionEnd ?? from;
    flushSync(() => onChange(`${value.slice(0, from)}{${variable}}${value.slice(to)}`));
    const behind = from + variable.length + 2;
    field.current?.focus();
    field.current?.setSelectionRange(behind, behind);
  };
  return (
    <Stack gap={4} align="stretch">
      <Textarea
        ref={field}
        label={said.text(said[language])}
        lang={language}
        required
        autosize
        minRows={4}
        maxRows={16}
        maxLength={LENGTH_MAX}
        value={value}
        error={why}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Menu position="bottom-start" returnFocus={false}>
        <Menu.Target>
          <Button size="compact-sm" variant="default" style={{ alignSelf: "flex-start" }}>
            {said.insert(said[language])}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
          {VARIABLES.map((one) => (
            <Menu.Item key={one} onClick={() => insert(one)}>
              {names[one]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Stack>
  );
}
