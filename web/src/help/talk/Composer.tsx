import { type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from "react";
import type { HelpCase } from "../../api/schema";
import { useDraft } from "../../shared/drafts";
import { useLanguage, useWords } from "../../shared/words";
import { FilePicker, PickedFiles } from "../files/FilePicker";
import { FILE_GONE, useFiles } from "../files/useFiles";
import { Button } from "../parts/Button";
import { issueWord } from "./issueWords";
import type { Place } from "./place";
import type { Outgoing, Wording } from "./useOutbox";
import { words } from "./words";

type About = Pick<Wording, "case" | "fresh">;
export type Written = About & Pick<Wording, "text" | "files" | "picked">;

/** What the thread above asks of it. */
export type Box = {
  focus: () => void;
  /** A message that was not sent is written on, before what was written since. */
  wordAgain: (one: Outgoing) => void;
};

/** Where one writes. Where it is not clear what a message would be about, chips ask; nobody has to
 * answer them. It holds what is written by itself: a key draws nothing of the thread anew. */
export function Composer({
  ref,
  name,
  subject,
  cases,
  onWriting,
  onSend,
}: {
  ref: Ref<Box>;
  /** Under which name it is kept. */
  name: string;
  subject: Place["subject"];
  cases: HelpCase[];
  onWriting: (writing: boolean) => void;
  onSend: (written: Written) => void;
}) {
  const said = useWords(words);
  const [text, setText] = useDraft(`help/${name}`);
  const files = useFiles(name, subject);
  const [about, setAbout] = useState<About>({});
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    wordAgain: (one) => {
      setText(text ? `${one.text}\n${text}` : one.text);
      files.restore(one.picked ?? []);
      const { case: number, fresh } = one;
      if (number !== undefined) setAbout({ case: number });
      else if (fresh) setAbout({ fresh });
      if (one.code === FILE_GONE) files.expire();
      field.current?.focus();
    },
  }));
  const something = text.trim() !== "" || files.picked.some((one) => one.id !== undefined);
  const send = () => {
    if (!something || !files.ready) return;
    const picked = files.picked.flatMap(({ file: _, id, ...one }) => (id ? [{ ...one, id }] : []));
    onSend({ ...about, text: text.trim(), files: picked.map(({ id }) => id), picked });
    setText("");
    files.clear();
    setAbout({});
    field.current?.focus();
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
          ref={field}
          rows={1}
          dir="auto"
          aria-label={said.message}
          placeholder={said.message}
          maxLength={20_000}
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            onWriting(target.value !== "");
          }}
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
