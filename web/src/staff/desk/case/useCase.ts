import { type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { AGAIN_MS, answer, api } from "../../../api/client";
import { type LiveEvent, listen } from "../../../api/live";
import { Problem } from "../../../api/problems";
import { isFirstAsked } from "../../../api/queries";
import type {
  AttendantShape,
  AttendingShape,
  ConversationShape,
  MessageShape,
  StoryShape,
  ToldShape,
} from "../../../api/schema";
import { useSession } from "../../session/session";

/** A conversation as its desk sees it: how it stands, what was said, and how it came to this. */
export type CaseFile = {
  conversation: ConversationShape;
  messages: readonly MessageShape[];
  /** The version up to which messages are known. */
  upto: number;
  story: readonly ToldShape[];
  /** Who else is there. */
  others: readonly AttendantShape[];
};

type Path = { consumer: string; conversation: string };

const AT_ONCE = 100;
const STORY_PARTS_MAX = 10;

/** All that it takes to open a case, in one round of requests. */
export function caseQuery(consumer: string, conversation: string) {
  const path = { consumer, conversation };
  return queryOptions({
    queryKey: ["desk", "case", consumer, conversation],
    queryFn: async ({ client, queryKey }): Promise<CaseFile> => {
      const [seen, said, told] = await Promise.all([
        answer(api.GET("/v1/desk/cases/{consumer}/{conversation}", { params: { path } })),
        saidIn(path),
        storyAfter(path, 0),
      ]);
      // Who else is there only the stream tells.
      const others = client.getQueryData<CaseFile>(queryKey)?.others ?? [];
      return { conversation: seen, ...said, story: told, others };
    },
    staleTime: 10_000,
    // What the stream has brought stays, also when all is asked for again.
    structuralSharing: (before, now) =>
      before ? joined(before as CaseFile, now as CaseFile) : now,
  });
}

function joined(before: CaseFile, now: CaseFile): CaseFile {
  const messages = new Map([...before.messages, ...now.messages].map((one) => [one.id, one]));
  const story = new Map([...before.story, ...now.story].map((one) => [one.version, one]));
  const newer = now.conversation.version >= before.conversation.version;
  return {
    conversation: newer ? now.conversation : before.conversation,
    messages: [...messages.values()].sort((one, other) => one.version - other.version),
    upto: Math.max(before.upto, now.upto),
    story: [...story.values()].sort((one, other) => one.version - other.version),
    others: now.others,
  };
}

/** The case, kept up to date for as long as it is looked at. `connected`: right now. */
export function useCase(consumer: string, conversation: string) {
  const queries = useQueryClient();
  const session = useSession();
  const [connected, setConnected] = useState(true);
  const query = caseQuery(consumer, conversation);
  const { data, error } = useQuery({
    ...query,
    // Asked again only where the stream has ended; else all that is new comes by it.
    staleTime: Number.POSITIVE_INFINITY,
    // Nobody tells whoever may not see it that they may again.
    refetchInterval: ({ state }) => isGone(state.error) && AGAIN_MS,
  });
  // What is not theirs to see any more is not shown from memory, either.
  const gone = isGone(error);
  const known = data !== undefined && !gone;
  const begun = session.csrf_token;
  useEffect(() => {
    if (!known || !begun) return;
    const held = queries.getQueryData(caseQuery(consumer, conversation).queryKey);
    return listen(
      `/v1/desk/cases/${consumer}/${conversation}/updates`,
      {
        onEvent: (event) => received(queries, consumer, conversation, event),
        onConnected: setConnected,
      },
      held && held.upto > 0 ? String(held.upto) : undefined,
    );
  }, [queries, consumer, conversation, known, begun]);
  return { file: gone ? undefined : data, error, connected };
}

function isGone(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}

function received(
  queries: QueryClient,
  consumer: string,
  conversation: string,
  event: LiveEvent,
): void {
  const key = caseQuery(consumer, conversation).queryKey;
  const change = (changed: (file: CaseFile) => CaseFile) =>
    queries.setQueryData(key, (file) => file && changed(file));
  if (event.event === "message") {
    const message = JSON.parse(event.data) as MessageShape;
    change((file) => ({ ...file, ...withMessage(file, message) }));
  } else if (event.event === "conversation") {
    const seen = JSON.parse(event.data) as ConversationShape;
    const held = queries.getQueryData(key)?.conversation;
    change((file) => ({ ...file, conversation: seen }));
    const known = new Set(held?.cases.map((one) => one.number));
    // What was said in a case before it became theirs is behind what the stream tells.
    if (seen.cases.some((one) => !known.has(one.number)))
      void queries.invalidateQueries({ queryKey: key });
    else void goOn(queries, consumer, conversation);
    void orderAgain(queries, consumer, seen.version > (held?.version ?? 0));
  } else if (event.event === "attending") {
    const there = JSON.parse(event.data) as AttendingShape;
    change((file) => ({ ...file, others: there.items ?? [] }));
  } else if (event.event === "ended") {
    // Either the session is over or the case is no longer ours to see: the answer says which.
    void queries.invalidateQueries({ queryKey: key });
  }
}

function withMessage(file: CaseFile, message: MessageShape) {
  const others = file.messages.filter((one) => one.id !== message.id);
  const messages = [...others, message].sort((one, other) => one.version - other.version);
  return { messages, upto: Math.max(file.upto, message.version) };
}

/** The order of a case that has changed. */
async function orderAgain(queries: QueryClient, consumer: string, isNew: boolean): Promise<void> {
  const queryKey = ["desk", "order", consumer];
  const first = isNew && isFirstAsked(queries, queryKey);
  await queries.invalidateQueries({ queryKey });
  // What was on its way was asked for before what is new, and may not know of it.
  if (first) await queries.invalidateQueries({ queryKey });
}

/** What happened since, as the story tells it. */
async function goOn(queries: QueryClient, consumer: string, conversation: string): Promise<void> {
  const key = caseQuery(consumer, conversation).queryKey;
  const last = queries.getQueryData(key)?.story.at(-1)?.version ?? 0;
  const told = await storyAfter({ consumer, conversation }, last).catch(() => []);
  queries.setQueryData(key, (file) => {
    if (!file) return file;
    const known = new Set(file.story.map((one) => one.version));
    return { ...file, story: [...file.story, ...told.filter((one) => !known.has(one.version))] };
  });
}

/** All that was said before their eyes, however much that is. */
async function saidIn(path: Path): Promise<Pick<CaseFile, "messages" | "upto">> {
  const messages: MessageShape[] = [];
  let after = 0;
  for (;;) {
    const query = { after, limit: AT_ONCE };
    const page = await answer(
      api.GET("/v1/desk/cases/{consumer}/{conversation}/messages", { params: { path, query } }),
    );
    messages.push(...page.items);
    after = page.upto;
    if (!page.more) return { messages, upto: after };
  }
}

/** All of it from there on: what was decided last counts, however much there was before. */
async function storyAfter(path: Path, after: number): Promise<readonly ToldShape[]> {
  const found: ToldShape[] = [];
  let from: number | null | undefined = after;
  for (let part = 0; part < STORY_PARTS_MAX && typeof from === "number"; part += 1) {
    const query: { after: number; limit: number } = { after: from, limit: AT_ONCE };
    const told: StoryShape = await answer(
      api.GET("/v1/desk/cases/{consumer}/{conversation}/story", { params: { path, query } }),
    );
    found.push(...told.items);
    from = told.upto;
  }
  return found;
}
