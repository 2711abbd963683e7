import { Alert, Button, FileButton, Group, SegmentedControl, Text, Textarea } from "@mantine/core";
import { type ChangeEvent, type ClipboardEvent, type KeyboardEvent, useRef, useState } from "react";
import type { Audience } from "../../../api/schema";
import { useLanguage, useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { ProblemNote } from "../../shell/ProblemNote";
import { type Case, isOpen } from "../case/openCase";
import { useAttending } from "../case/useAttending";
import type { CaseFile } from "../case/useCase";
import { deskName } from "../codes";
import { type Command, useCommand } from "../keys/commands";
import { AttachedFile } from "./AttachedFile";
import { CardPicker } from "./CardPicker";
import { ChosenCard } from "./ChosenCard";
import { notingDesk, otherDesk } from "./desks";
import { draftName, isWritten, useDeskDraft } from "./drafts";
import { post } from "./leaving";
import { MacroPicker } from "./MacroPicker";
import { Mentioned } from "./Mentioned";
import { MentionPicker } from "./MentionPicker";
import { macroWords } from "./macroWords";
import { mentionWords } from "./mentionWords";
import { useAudience } from "./useAudience";
import { useUploads } from "./useUploads";
import { words } from "./words";

const IDLE_MS = 8_000;

type Props = { file: CaseFile; about: Case; onHand: (there: boolean) => void };

/** Where an agent writes. Who will read it is a coloured frame, and stands on the button. */
export function Composer({ file, about, onHand }: Props) {
  const { messages } = file;
  const { consumer, subject, id: conversation } = file.conversation;
  const { number, issue } = about;
  // Nothing can be sent any more, but what is being written stays under the hands.
  const ended = !isOpen(about);
  const said = useWords(words);
  const macros = useWords(macroWords);
  const naming = useWords(mentionWords);
  const { language } = useLanguage();
  const { agent, desks } = useSession();
  const place = { conversation, case: number };
  // To the consumer speaks the desk that has the case.
  const answers = desks.includes(about.owner ?? "platform") || about.agent === agent;
  const [audience, choose] = useAudience(
    draftName(agent, place, "audience"),
    answers ? "consumer" : "desks",
  );
  const name = draftName(agent, place, audience);
  const toConsumer =
    answers || audience === "consumer" || isWritten(draftName(agent, place, "consumer"));
  const [draft, change] = useDeskDraft(name);
  const { bring, uploading, error } = useUploads(consumer, conversation, name, change);
  const [stoppedAt, setStopped] = useState<{ name: string; version: number } | null>(null);
  const [picking, setPicking] = useState(false);
  const [names, setNames] = useState(false);
  const [writes, setWrites] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const forgetChosen = useRef<() => void>(null);
  const last = messages.at(-1)?.version ?? 0;
  const begunAt = useRef({ name, version: last });
  if (begunAt.current.name !== name) begunAt.current = { name, version: last };

  const stopped = stoppedAt?.name === name && stoppedAt.version === last;

  const idle = useRef<ReturnType<typeof setTimeout>>(undefined);
  useAttending({ consumer, conversation, case: number }, writes ? audience : null);

  const write = (text: string) => {
    // Who has stopped for a while does not write any more.
    setWrites(text !== "");
    clearTimeout(idle.current);
    idle.current = setTimeout(() => setWrites(false), IDLE_MS);
    if (!draft.text && text) begunAt.current = { name, version: last };
    change({ text });
  };
  const speakTo = (wanted: Audience) => {
    choose(wanted);
    setStopped(null);
    // At once: the next key is a letter of the text already.
    field.current?.focus();
  };
  const leave = () => {
    const says = draft.text.trim() || draft.files.length > 0 || draft.card;
    if (!says || uploading || ended) return;
    // What came while it was written may change what should be said: once it is asked.
    const news = messages.some(
      (one) => one.version > begunAt.current.version && one.agent !== agent,
    );
    if (news && !stopped) {
      setStopped({ name, version: last });
      return;
    }
    setStopped(null);
    setWrites(false);
    begunAt.current = { name, version: last };
    post({
      ...{ agent, consumer, conversation, case: number, audience },
      text: draft.text.trim(),
      files: draft.files,
      card: draft.card,
      mentions: draft.mentions,
    });
    change({ text: "", files: [], card: null, mentions: [] });
    field.current?.focus();
  };
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // The Enter that confirms pinyin belongs to the input method.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      leave();
    } else if (event.key === "/" && draft.text === "") {
      event.preventDefault();
      setPicking(true);
    } else if (event.key === "@" && audience !== "consumer" && startsWord(event.currentTarget)) {
      event.preventDefault();
      setNames(true);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      field.current?.blur();
    }
  };
  // What an input method writes comes with no key that says which it was.
  const typed = ({ currentTarget, nativeEvent }: ChangeEvent<HTMLTextAreaElement>) => {
    const { value } = currentTarget;
    if ((nativeEvent as InputEvent).isComposing) write(value);
    else if (draft.text === "" && /^[/／、]$/.test(value)) setPicking(true);
    else if (audience !== "consumer" && addsMention(draft.text, currentTarget)) setNames(true);
    else write(value);
  };
  const pasted = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    void bring(files);
  };
  const can = (command: Command) => (ended ? null : command);
  const reply = { id: "reply", name: said.reply, letter: "r", run: () => speakTo("consumer") };
  useCommand(toConsumer ? can(reply) : null);
  useCommand(
    can({ id: "internal", name: said.internal, letter: "i", run: () => speakTo("internal") }),
  );
  useCommand(can({ id: "desks", name: said.desks, letter: "d", run: () => speakTo("desks") }));
  useCommand(can({ id: "macros", name: macros.open, letter: "/", run: () => setPicking(true) }));
  const picked = () => {
    setPicking(false);
    setNames(false);
    field.current?.focus();
  };
  const insert = (text: string) => {
    picked();
    write(draft.text ? `${draft.text}\n${text}` : text);
  };
  const mention = (agent: string, name: string) => {
    picked();
    change({ mentions: [...new Set([...draft.mentions, agent])] });
    write(`${draft.text}${draft.text && !/\s$/.test(draft.text) ? " " : ""}@${name} `);
  };

  const ourDesk = notingDesk(about, desks);
  const other = otherDesk(file.story, about, desks);
  const label = {
    consumer: said.sendConsumer,
    desks: other ? said.sendDesks(deskName(other, language)) : said.sendAnyDesk,
    internal: said.sendInternal,
  }[audience];
  const placeholder = {
    consumer: said.placeConsumer,
    desks: said.placeDesks,
    internal: said.placeInternal,
  }[audience];
  return (
    <section
      className="composer"
      data-audience={audience}
      aria-label={said.composer}
      onFocus={() => onHand(true)}
      onBlur={(event) => onHand(event.currentTarget.contains(event.relatedTarget))}
    >
      <SegmentedControl
        size="xs"
        aria-label={said.audience}
        value={audience}
        onChange={(wanted) => speakTo(wanted as Audience)}
        data={[
          ...(toConsumer ? [{ value: "consumer", label: said.toConsumer }] : []),
          { value: "desks", label: said.toDesks },
          { value: "internal", label: said.toSelf },
        ]}
      />
      <Textarea
        ref={field}
        aria-label={placeholder}
        placeholder={placeholder}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={20_000}
        value={draft.text}
        onChange={typed}
        onKeyDown={pressed}
        onPaste={pasted}
      />
      {draft.files.length > 0 && (
        <Group gap="xs">
          {draft.files.map((file) => (
            <AttachedFile
              key={file.id}
              file={file}
              href={`/v1/desk/cases/${consumer}/${conversation}/attachments/${file.id}`}
              onRemove={() => change({ files: draft.files.filter((one) => one.id !== file.id) })}
            />
          ))}
        </Group>
      )}
      {draft.card && (
        <ChosenCard
          card={draft.card}
          {...{ consumer, subject }}
          onRemove={() => change({ card: null })}
        />
      )}
      {draft.mentions.length > 0 && (
        <Mentioned
          mentions={draft.mentions}
          desk={ourDesk}
          onRemove={(one) => change({ mentions: draft.mentions.filter((it) => it !== one) })}
        />
      )}
      {error && <ProblemNote error={error} />}
      {ended && (
        <Alert color="orange" p="xs" role="alert">
          {said.ended}
        </Alert>
      )}
      {stopped && (
        <Alert color="orange" p="xs" role="alert">
          {said.newMessage}
        </Alert>
      )}
      {picking && (
        <MacroPicker
          {...{ consumer, conversation, case: number, issue }}
          onChosen={insert}
          onClose={picked}
        />
      )}
      {names && <MentionPicker desk={ourDesk} onChosen={mention} onClose={picked} />}
      <Group gap="xs" justify="space-between">
        <Group gap={4}>
          <FileButton
            multiple
            resetRef={forgetChosen}
            onChange={(files) => {
              void bring(files);
              // So that the same file, chosen once more because it failed, is a change again.
              forgetChosen.current?.();
            }}
          >
            {(props) => (
              <Button {...props} size="xs" variant="default" loading={uploading}>
                {said.attach}
              </Button>
            )}
          </FileButton>
          <CardPicker {...{ consumer, subject }} onChosen={(card) => change({ card })} />
          {audience !== "consumer" && (
            <Button size="xs" variant="default" onClick={() => setNames(true)}>
              {naming.open}
            </Button>
          )}
        </Group>
        <Text size="xs" className="quiet" visibleFrom="sm">
          {said.keys}
        </Text>
        <Button size="xs" className="send" onClick={leave} disabled={uploading || ended}>
          {stopped ? said.sendAnyway : label}
        </Button>
      </Group>
    </section>
  );
}

/** Whether nothing but an @ was added, and it begins a word. */
function addsMention(before: string, { value, selectionStart }: HTMLTextAreaElement): boolean {
  const at = selectionStart - 1;
  const rest = value.slice(0, at) + value.slice(selectionStart);
  return rest === before && /[@＠]/.test(value[at] ?? "") && /^$|\s$/.test(value.slice(0, at));
}

/** Whether what is typed next begins a word: an @ in an address names nobody. */
function startsWord({ value, selectionStart }: HTMLTextAreaElement): boolean {
  return selectionStart === 0 || /\s/.test(value[selectionStart - 1] ?? " ");
}
