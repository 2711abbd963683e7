import { useEffect, useRef } from "react";
import type { HelpConversation, MessageShape, Received } from "../../api/schema";
import { useDraft } from "../../shared/drafts";
import { useWords } from "../../shared/words";
import { useRemedies } from "../asking";
import { useFiles } from "../files/useFiles";
import { useSession } from "../session/HelpGate";
import { Composer } from "./Composer";
import { type Place, placeName } from "./place";
import { ThreadView } from "./ThreadView";
import { useOutbox } from "./useOutbox";
import { WaitStrip } from "./WaitStrip";
import { words } from "./words";

/** A thread with what belongs to it, and the place to write. Without a conversation yet, the first
 * message begins one. */
export function Talk({
  place,
  conversation,
  messages = [],
  connected = true,
  ended = false,
  onBegun,
}: {
  place: Place;
  conversation?: HelpConversation;
  messages?: MessageShape[];
  connected?: boolean;
  ended?: boolean;
  onBegun?: (received: Received) => void;
}) {
  const said = useWords(words);
  const { consumer } = useSession();
  const name = placeName(consumer, place);
  const [text, setText] = useDraft(`help/${name}`);
  const files = useFiles(name, place.subject);
  const outbox = useOutbox(name, place, { onSent: (received) => onBegun?.(received) });
  const order = place.subject.kind === "order" ? (place.subject.id ?? undefined) : undefined;
  const remedies = useRemedies(order);
  const box = useRef<HTMLTextAreaElement>(null);

  // What has come back in the thread is no longer on its way.
  const { outgoing, drop } = outbox;
  useEffect(() => {
    const there = new Set(messages.map((one) => one.id));
    for (const one of outgoing) if (one.message && there.has(one.message)) drop(one.key);
  }, [messages, outgoing, drop]);

  return (
    <div className="talk">
      {conversation && <WaitStrip cases={conversation.cases} />}
      {ended && (
        <p className="strip strip-warn" role="alert">
          {said.ended}
        </p>
      )}
      {!ended && !connected && (
        <p className="strip" role="status">
          {said.reconnecting}
        </p>
      )}
      {!conversation && outgoing.length === 0 && <p className="quiet">{said.tell}</p>}
      <ThreadView
        conversation={conversation}
        messages={messages}
        outbox={outbox}
        remedies={remedies.data}
        onWordAgain={(one) => {
          setText(text ? `${one.text}\n${text}` : one.text);
          outbox.drop(one.key);
          box.current?.focus();
        }}
        onNotYet={() => box.current?.focus()}
      />
      <Composer
        box={box}
        text={text}
        onText={setText}
        files={files}
        cases={conversation?.cases ?? []}
        onSend={(about) => {
          const ids = files.picked.flatMap((one) => one.id ?? []);
          outbox.send({ ...about, text: text.trim(), files: ids });
          setText("");
          files.clear();
        }}
      />
    </div>
  );
}
