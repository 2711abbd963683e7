import { useEffect, useRef } from "react";
import { Problem } from "../../api/problems";
import type {
  EntryShape,
  HelpConversation,
  MessageShape,
  Received,
  RemediesShape,
  RemedyShape,
} from "../../api/schema";
import { useNow } from "../../shared/useNow";
import { useWhyNot } from "../../shared/useWhyNot";
import { useWords } from "../../shared/words";
import { useRemedies } from "../asking";
import { words as orderWords } from "../order/words";
import { Unread } from "../parts/Asked";
import { useSession } from "../session/HelpGate";
import { type Box, Composer } from "./Composer";
import { issueOf, type Place, placeName } from "./place";
import { ThreadView } from "./ThreadView";
import { arrived, useOutbox } from "./useOutbox";
import { useTellWriting } from "./useTellWriting";
import { WaitStrip } from "./WaitStrip";
import { words } from "./words";

const NOTHING: MessageShape[] = [];

/** A thread with what belongs to it, and the place to write. Without a conversation yet, the first
 * message begins one; `mayBeThere`: there may be one, which could not be read. */
export function Talk({
  place,
  conversation,
  mayBeThere = false,
  messages = NOTHING,
  entries = [],
  connected = true,
  ended = false,
  writing,
  onBegun,
}: {
  place: Place;
  conversation?: HelpConversation;
  mayBeThere?: boolean;
  messages?: MessageShape[];
  entries?: EntryShape[];
  connected?: boolean;
  ended?: boolean;
  writing?: string | undefined;
  onBegun?: (received: Received) => void;
}) {
  const said = useWords(words);
  const { remediesUnread } = useWords(orderWords);
  const { consumer } = useSession();
  const name = placeName(consumer, place);
  const outbox = useOutbox(name, place, { connected, onSent: (received) => onBegun?.(received) });
  const order = place.subject.kind === "order" ? (place.subject.id ?? undefined) : undefined;
  const remedies = useRemedies(order);
  const unread = useWhyNot(remedies);
  const tellWriting = useTellWriting(conversation?.id);
  const box = useRef<Box>(null);

  const { outgoing, drop } = outbox;
  const there = arrived(outgoing, messages);
  useEffect(() => {
    for (const key of arrived(outgoing, messages)) drop(key);
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
      {mayCome(unread) && <Unread query={remedies} what={remediesUnread} />}
      {!conversation && !mayBeThere && outgoing.length === 0 && (
        <p className="quiet">{said.tell}</p>
      )}
      <ThreadView
        conversation={conversation}
        messages={messages}
        entries={entries}
        outbox={{ ...outbox, outgoing: outgoing.filter((one) => !there.has(one.key)) }}
        remedies={remedies.data && ofPart(remedies.data, place.subject.part ?? 0)}
        onWordAgain={(one) => {
          box.current?.wordAgain(one);
          outbox.drop(one.key);
        }}
        onNotYet={() => box.current?.focus()}
      />
      <Writing until={writing} />
      <Composer
        ref={box}
        name={name}
        subject={place.subject}
        cases={conversation?.cases ?? []}
        onWriting={tellWriting}
        onSend={(written) =>
          outbox.send({
            ...written,
            ...((mayBeThere || goesOn(conversation)) && !written.fresh
              ? {}
              : { issue: issueOf(place) }),
            after: messages.at(-1)?.version ?? 0,
          })
        }
      />
    </div>
  );
}

/** Of an order that nobody told us of there is nothing, now or later. */
function mayCome(error: unknown): boolean {
  return error instanceof Problem && error.passes;
}

function Writing({ until }: { until: string | undefined }) {
  const said = useWords(words);
  const now = useNow();
  const writes = until !== undefined && new Date(until).getTime() > now;
  return (
    <p className="grey" role="status">
      {writes ? said.writing : ""}
    </p>
  );
}

/** Those about this part, and those about no part in particular; 0: about the whole order. */
function ofPart(all: RemediesShape, part: number): RemediesShape {
  const isAbout = ({ lines }: RemedyShape) =>
    part === 0 || lines.length === 0 || lines.some((line) => line.part === part);
  return { ...all, remedies: all.remedies.filter(isAbout) };
}

/** Whether what is said may belong to a problem that is there. */
function goesOn(conversation: HelpConversation | undefined): boolean {
  return conversation?.cases.some((one) => one.status !== "closed") === true;
}
