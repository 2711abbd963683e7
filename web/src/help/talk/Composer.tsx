import { type KeyboardEvent, type RefObject, useState } from "react";
import type { HelpCase } from "../../api/schema";
import { useLanguage, useWords } from "../../shared/words";
import { FilePicker, PickedFiles } from "../files/FilePicker";
import type { Files } from "../files/useFiles";
import { Button } from "../parts/Button";
import { issueWord } from "./issueWords";
import type { Wording } from "./useOutbox";
import { words } from "./words";

type About = Pick<Wording, "case" | "fresh">;

/** Where one writes. Where it is not clear what a message would be about, chips ask; nobody has to
 * answer them. */
export function Composer({
  box,
  text,
  onText,
  files,
  cases,
  onSend,
}: {
  box: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onText: (text: string) => void;
  files: Files;
  cases: HelpCase[];
  onSend: (about: About) => void;
}) {
  const said = useWords(words);
  const [about, setAbout] = useState<About>({});
  const something = text.trim() !== "" || files.picked.some((one) => one.id !== undefined);
  const send = () => {
    if (!something || !files.ready) return;
    onSend(about);
    setAbout({});
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // An Enter that confirms pinyin is no wish to send.
    if (event.nativeEvent.isComposing || event.key !== "Enter") return;
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {something && <Chips cases={cases} about={about} onAbout={setAbout} />}
      <PickedFiles files={files} />
      <div className="composer-line">
        <FilePicker files={files} />
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          aria-label={said.message}
          placeholder={said.message}
          maxLength={20_000}
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Button kind="main" type="submit" disabled={!something || !files.ready}>
          {said.send}
        </Button>
      </div>
    </form>
  );
}

const CHIPS_MAX = 2;

function Chips({
  cases,
  about,
  onAbout,
}: {
  cases: HelpCase[];
  about: About;
  onAbout: (about: About) => void;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const live = cases.filter((one) => one.status !== "closed");
  const open = live.filter((one) => one.status !== "resolved");
  // One open problem is what it is about; it need not be asked.
  if (live.length === 0 || (live.length === 1 && open.length === 1)) return null;
  const chips: { key: string; about: About; name: string }[] = live
    .slice(-CHIPS_MAX)
    .map((one) => ({
      key: String(one.number),
      about: { case: one.number },
      name: issueWord(one.issue, language),
    }));
  if (live.length === 1)
    chips.push({ key: "else", about: { fresh: true }, name: said.somethingElse });
  return (
    <fieldset className="chips">
      <legend className="unseen">{said.aboutWhat}</legend>
      {chips.map((chip) => {
        const chosen = about.case === chip.about.case && about.fresh === chip.about.fresh;
        return (
          <button
            key={chip.key}
            type="button"
            className="chip"
            aria-pressed={chosen}
            onClick={() => onAbout(chosen ? {} : chip.about)}
          >
            {chip.name}
          </button>
        );
      })}
    </fieldset>
  );
}
