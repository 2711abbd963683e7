import { useEffect, useRef, useState } from "react";
import type { EntryShape, HelpConversation, MessageShape, RemediesShape } from "../../api/schema";
import { useLanguage, useWords } from "../../shared/words";
import { Button } from "../parts/Button";
import { RemedyCard } from "../remedies/RemedyCard";
import { CaseCard } from "./CaseCard";
import { entryWord } from "./entryWords";
import { Message } from "./Message";
import { Unsent } from "./Unsent";
import { deskAt } from "./useEntries";
import type { Outbox, Outgoing } from "./useOutbox";
import { words } from "./words";

const NEAR_THE_END = 120;

/** Everything in its order of time: what was said, and each problem and remedy as a card where it
 * began. It follows what comes only for whoever is at its end; else a button says that there is more. */
export function ThreadView({
  conversation,
  messages,
  entries,
  outbox,
  remedies,
  onWordAgain,
  onNotYet,
}: {
  conversation: HelpConversation | undefined;
  messages: MessageShape[];
  entries: EntryShape[];
  outbox: Outbox;
  remedies: RemediesShape | undefined;
  onWordAgain: (one: Outgoing) => void;
  onNotYet: () => void;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const end = useRef<HTMLDivElement>(null);
  const { unread, follow } = useFollowing(end, messages.length + outbox.outgoing.length);
  const cases = conversation?.cases ?? [];
  const live = remedies?.remedies ?? [];
  // Of one moment: what was said, the problem that it opened, then what came of that.
  const shown = [
    ...messages.map((one) => ({
      at: one.at,
      key: one.id,
      shown: <Message message={one} desk={deskAt(entries, one.case, one.version)} />,
    })),
    ...cases.map((one) => ({
      at: one.opened_at,
      key: `case ${one.number}`,
      shown: conversation && (
        <CaseCard
          conversation={conversation.id}
          one={one}
          entries={entries.filter((entry) => entry.case === one.number)}
          onNotYet={onNotYet}
        />
      ),
    })),
    ...entries.flatMap((one, place) => {
      const issue = cases.find(({ number }) => number === one.case)?.issue;
      const word = entryWord(one, issue, language);
      if (!word) return [];
      const key = `${one.version} ${one.kind} ${place}`;
      return [{ at: one.at, key, shown: <p className="grey">{word}</p> }];
    }),
    ...live.map((one) => ({
      at: one.requested_at,
      key: `remedy ${one.number}`,
      shown: remedies && <RemedyCard remedies={remedies} remedy={one} />,
    })),
  ].sort((one, other) => one.at.localeCompare(other.at));
  return (
    <>
      <div className="thread" role="log" aria-label={said.thread}>
        <ol className="plain">
          {shown.map((entry) => (
            <li key={entry.key} className="entry">
              {entry.shown}
            </li>
          ))}
          {outbox.outgoing.map((one) => (
            <li key={one.key} className="entry">
              <Unsent
                one={one}
                onRetry={() => outbox.retry(one.key)}
                onDrop={() => outbox.drop(one.key)}
                onWordAgain={() => onWordAgain(one)}
              />
            </li>
          ))}
        </ol>
      </div>
      <div ref={end} />
      {unread && (
        <Button kind="main" className="button button-main more-below" onClick={follow}>
          {said.fresh} ↓
        </Button>
      )}
    </>
  );
}

function useFollowing(end: React.RefObject<HTMLDivElement | null>, count: number) {
  const [unread, setUnread] = useState(false);
  const atEnd = useRef(true);
  const follow = () => {
    end.current?.scrollIntoView({ block: "end" });
    setUnread(false);
  };
  useEffect(() => {
    const look = () => {
      const page = document.documentElement;
      atEnd.current = page.scrollHeight - window.innerHeight - window.scrollY < NEAR_THE_END;
      if (atEnd.current) setUnread(false);
    };
    window.addEventListener("scroll", look, { passive: true });
    return () => window.removeEventListener("scroll", look);
  }, []);
  useEffect(() => {
    if (count === 0) return;
    if (atEnd.current) end.current?.scrollIntoView({ block: "end" });
    else setUnread(true);
  }, [count, end]);
  return { unread, follow };
}
