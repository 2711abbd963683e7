import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer, useRef, useState } from "react";
import { listen } from "../../api/live";
import { isFirstAsked } from "../../api/queries";
import type { HelpConversation, MessageShape, WritingShape } from "../../api/schema";
import { keys } from "../asking";
import { useSession } from "../session/HelpGate";

export type Thread = {
  messages: MessageShape[];
  /** Whether what is shown is up to date right now. */
  connected: boolean;
  /** It can no longer be seen. */
  ended: boolean;
  /** Until when somebody is believed to be writing to me. */
  writing: string | undefined;
};

/** What is said in a conversation, from its beginning and on as it goes; each message once, in its
 * order, however often the connection was lost. */
export function useThread(conversation: string): Thread {
  const session = useSession();
  const queries = useQueryClient();
  const [messages, take] = useReducer(taken, []);
  const [connected, setConnected] = useState(true);
  const [ended, setEnded] = useState(false);
  const [writing, setWriting] = useState<string>();
  const last = useRef<string>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever comes in again listens again
  useEffect(() => {
    setEnded(false);
    return listen(
      `/v1/help/conversations/${conversation}/updates`,
      {
        onEvent: ({ id, event, data }) => {
          if (id) last.current = id;
          if (event === "message") take(JSON.parse(data) as MessageShape);
          if (event === "conversation") {
            void takeIn(queries, JSON.parse(data) as HelpConversation);
          }
          if (event === "writing") setWriting(untilOf(data));
          if (event === "ended") setEnded(true);
        },
        onConnected: (now) => {
          setConnected(now);
          // Why it ended, asking says: a session that is over, or nothing to be seen.
          if (!now) {
            void queries.invalidateQueries({ queryKey: keys.conversation(conversation) });
          }
        },
      },
      last.current,
    );
  }, [conversation, session, queries]);
  return { messages, connected, ended, writing };
}

async function takeIn(queries: QueryClient, found: HelpConversation): Promise<void> {
  const key = keys.conversation(found.id);
  const known = queries.getQueryData<HelpConversation>(key)?.version ?? 0;
  queries.setQueryData(key, found);
  if (!found.subject.id) return;
  const queryKey = keys.remedies(found.subject.id);
  const first = found.version > known && isFirstAsked(queries, queryKey);
  await queries.invalidateQueries({ queryKey });
  // What was on its way was asked for before what is new, and may not know of it.
  if (first) await queries.invalidateQueries({ queryKey });
}

function untilOf(data: string): string | undefined {
  return (JSON.parse(data) as WritingShape).until ?? undefined;
}

function taken(messages: MessageShape[], fresh: MessageShape): MessageShape[] {
  const others = messages.filter((one) => one.id !== fresh.id);
  return [...others, fresh].sort((one, other) => one.version - other.version);
}
