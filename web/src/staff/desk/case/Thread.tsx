import { Text } from "@mantine/core";
import { useLayoutEffect, useMemo, useRef } from "react";
import type { MessageShape } from "../../../api/schema";
import { exactly, time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { LeavingMessage } from "../composer/LeavingMessage";
import { useLeaving } from "../composer/leaving";
import { Message } from "./Message";
import { type Line, linesOf } from "./told";
import { toldWords } from "./toldWords";
import type { CaseFile } from "./useCase";
import { words } from "./words";

const NEAR_END_PX = 120;

type Entry =
  | { key: string; version: number; message: MessageShape; line?: never }
  | { key: string; version: number; line: Line; message?: never };

/** The conversation: messages, what happened between them, and what is on its way. */
export function Thread({ file }: { file: CaseFile }) {
  const said = useWords(words);
  const told = useWords(toldWords);
  const { language } = useLanguage();
  const { conversation } = file;
  const { agent } = useSession();
  const outgoing = useLeaving(conversation.id, agent);
  const entries = useMemo(() => {
    const messages: Entry[] = file.messages.map((message) => ({
      key: message.id,
      version: message.version,
      message,
    }));
    const lines = linesOf(file.story, told, language).map(
      (line): Entry => ({ key: line.key, version: line.version, line }),
    );
    const all = [...messages, ...lines];
    return all.sort((one, other) => one.version - other.version);
  }, [file.messages, file.story, told, language]);
  const known = new Set(file.messages.map((one) => one.id));
  const leaving = outgoing.filter((one) => one.message === null || !known.has(one.message));
  const outer = useKeptAtEnd(`${conversation.id}/${entries.length}/${leaving.length}`);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls takes the focus
    <section ref={outer} className="thread" aria-label={said.thread} tabIndex={0}>
      {entries.length === 0 && <Text className="quiet">{said.empty}</Text>}
      <ol aria-live="polite">
        {entries.map((entry) =>
          entry.message ? (
            <Message
              key={entry.key}
              message={entry.message}
              consumer={conversation.consumer}
              conversation={conversation.id}
              subject={conversation.subject}
              several={conversation.cases.length > 1}
            />
          ) : (
            <li key={entry.key} className="told">
              {entry.line.text}
              <time dateTime={entry.line.at} title={exactly(entry.line.at, language)}>
                {time(entry.line.at, language)}
              </time>
            </li>
          ),
        )}
        {leaving.map((one) => (
          <LeavingMessage key={one.key} message={one} subject={conversation.subject} />
        ))}
      </ol>
    </section>
  );
}

/** What is new is seen by whoever is at the end; whoever reads further up is left there. */
function useKeptAtEnd(what: string) {
  const outer = useRef<HTMLDivElement>(null);
  const before = useRef("");
  useLayoutEffect(() => {
    const box = outer.current;
    if (!box) return;
    const another = before.current.split("/")[0] !== what.split("/")[0];
    before.current = what;
    const toEnd = box.scrollHeight - box.scrollTop - box.clientHeight;
    const last = box.querySelector("li:last-child");
    const grown = last instanceof HTMLElement ? last.offsetHeight : 0;
    if (another || toEnd - grown < NEAR_END_PX) box.scrollTop = box.scrollHeight;
  }, [what]);
  return outer;
}
