import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { AGAIN_MS, answer, api, newKey, once, patience } from "../../api/client";
import { Problem } from "../../api/problems";
import type { MessageShape, Received, Said } from "../../api/schema";
import { forget, keep, onForgotten, readEach } from "../../shared/kept";
import { keys } from "../asking";
import type { Picked } from "../files/useFiles";
import { useSession } from "../session/HelpGate";
import type { Place } from "./place";

/** A message on its way. It keeps its key, so however often it is sent it counts once. */
export type Outgoing = Omit<Place, "subject"> & {
  key: string;
  /** When it was written, in milliseconds. */
  at: number;
  text: string;
  files: string[];
  /** The same as they were chosen, for whoever words it again. */
  picked?: Picked[];
  part: number;
  case?: number;
  fresh?: boolean;
  issue?: string;
  /** The last that was known of the thread when this was written. */
  after: number;
  state: "sending" | "failed" | "sent";
  /** The code of the problem, and whether trying again may help. */
  code?: string;
  detail?: string;
  passes?: boolean;
  /** It was taken in, and is not to be sent again. */
  kept?: boolean;
  /** The session was over: it waits for the next. */
  over?: boolean;
  /** The message that it became. */
  message?: string;
};

export type Wording = Pick<
  Outgoing,
  "text" | "files" | "picked" | "case" | "fresh" | "issue" | "after"
>;

export type Outbox = {
  outgoing: Outgoing[];
  send: (wording: Wording) => void;
  retry: (key: string) => void;
  drop: (key: string) => void;
};

type Failure = Pick<Outgoing, "code" | "detail" | "passes" | "kept" | "over"> & { state: "failed" };
type Post = (one: Outgoing) => Promise<Failure | undefined>;

/** What was written at a place and is not in its thread yet. Each message is kept by itself, so that
 * pages side by side leave each other's alone. They leave in their order, each once the one before is
 * answered. It survives a reload; what was under way then, and what failed for want of a connection
 * or a session, is sent again under its key. */
export function useOutbox(
  name: string,
  place: Place,
  { connected, onSent }: { connected: boolean; onSent: (received: Received) => void },
): Outbox {
  const queries = useQueryClient();
  const box = `outbox/${name}/`;
  const [outgoing, setOutgoing] = useState<Outgoing[]>(() =>
    readEach<Outgoing>(box).sort((one, other) => one.at - other.at),
  );
  const sent = useRef(onSent);
  // Whoever has gone elsewhere meanwhile is not fetched back.
  useEffect(() => {
    sent.current = onSent;
    return () => {
      sent.current = () => {};
    };
  }, [onSent]);
  // Known before it is drawn, and to what still leaves when this page is gone.
  const latest = useRef(outgoing);
  const update = useCallback((to: (all: Outgoing[]) => Outgoing[]) => {
    latest.current = to(latest.current);
    setOutgoing(latest.current);
  }, []);
  const held = useRef(outgoing);
  useEffect(() => {
    for (const one of outgoing) if (!held.current.includes(one)) keep(box + one.key, one);
    held.current = outgoing;
  }, [box, outgoing]);

  const change = useCallback(
    (key: string, changes: Partial<Outgoing>) =>
      update((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one))),
    [update],
  );

  const leave = useCallback(
    (key: string) => update((all) => all.filter((one) => one.key !== key)),
    [update],
  );

  const drop = useCallback(
    (key: string) => {
      forget(box + key);
      leave(key);
    },
    [box, leave],
  );

  // What another page has sent or dropped is not this one's any more.
  useEffect(() => onForgotten(box, leave), [box, leave]);

  const post = useCallback(
    async (one: Outgoing): Promise<Failure | undefined> => {
      change(one.key, { state: "sending" });
      try {
        const body = bodyOf(one, place);
        const received = await answer(
          api.POST("/v1/help/contacts", { body, headers: once(one.key), signal: patience() }),
        );
        // Said in another part, it is never in this thread.
        if (one.part !== (place.subject.part ?? 0)) drop(one.key);
        else {
          const now = { state: "sent", message: received.message } as const;
          // Before the page goes on to its thread: what is kept as under way is sent again there.
          const stands = latest.current.some(({ key }) => key === one.key);
          if (stands) keep(box + one.key, { ...one, ...now });
          change(one.key, now);
        }
        // It may have begun one.
        void queries.invalidateQueries({ queryKey: keys.conversations });
        sent.current(received);
        return undefined;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        const part = error.elsewhere;
        if (part !== undefined) {
          // The matter is open in that part already, or in the order as a whole. Under the same key, so it counts once there,
          // too: opened again meanwhile, the page is told to move it a second time.
          const moved = { ...one, part };
          // First, as this page may be gone before it would be drawn again.
          keep(box + one.key, moved);
          update((all) => all.map((each) => (each.key === one.key ? moved : each)));
          return post(moved);
        }
        const { code, detail, kept, lacksSession: over } = error;
        const passes = error.passes || over;
        const failure: Failure = { state: "failed", code, detail, passes, kept, over };
        change(one.key, failure);
        return failure;
      }
    },
    [change, drop, box, place, queries, update],
  );

  const posting = useRef<Post>(post);
  posting.current = post;
  const turn = useRef<Promise<void>>(Promise.resolve());
  /** In the order in which it was written, each as it stands when its turn comes, and with what has
   * failed before it and may pass; while that fails, what follows does not leave either. */
  const sendOn = useCallback(
    (which: (one: Outgoing) => boolean) => {
      const before = turn.current;
      turn.current = (async () => {
        await Promise.allSettled([before]);
        const due = latest.current
          .slice(0, latest.current.findLastIndex(which) + 1)
          .filter((one) => which(one) || isHeld(one));
        let stopped: Failure | undefined;
        for (const { key } of due) {
          const one = latest.current.find((each) => each.key === key);
          if (!one) continue;
          if (stopped) change(key, stopped);
          else {
            const failure = await posting.current(one);
            if (failure?.passes) stopped = failure;
          }
        }
      })();
    },
    [change],
  );
  // What was under way when the page went.
  useEffect(() => sendOn((one) => one.state === "sending"), [sendOn]);
  // What failed: when a session begins, and else from time to time while there is a line.
  const session = useSession();
  useEffect(() => {
    if (session) sendOn((one) => isHeld(one) && one.over === true);
  }, [session, sendOn]);
  useEffect(() => {
    if (!connected) return;
    const again = () => sendOn((one) => isHeld(one) && !one.over);
    again();
    window.addEventListener("online", again);
    const timer = setInterval(again, AGAIN_MS);
    return () => {
      window.removeEventListener("online", again);
      clearInterval(timer);
    };
  }, [connected, sendOn]);

  return {
    outgoing,
    send: (wording) => {
      const { subject, ...from } = place;
      const one: Outgoing = {
        ...wording,
        ...from,
        key: newKey(),
        at: Date.now(),
        part: subject.part ?? 0,
        state: "sending",
      };
      update((all) => [...all, one]);
      sendOn(({ key }) => key === one.key);
    },
    retry: (key) => sendOn((one) => one.key === key),
    drop,
  };
}

/** Whether it could not be sent, and may be. */
function isHeld({ state, passes }: Outgoing): boolean {
  return state === "failed" && passes === true;
}

/** The outgoing ones that are in the thread already, whether or not anybody has told us so: by what
 * they became, else by what they say, each by a message of its own. */
export function arrived(outgoing: Outgoing[], messages: MessageShape[]): Set<string> {
  const mine = messages.filter((one) => one.by === "consumer");
  const taken = new Set(outgoing.flatMap((one) => one.message ?? []));
  const found = new Set<string>();
  for (const one of outgoing) {
    const match = mine.find((message) =>
      one.message ? message.id === one.message : !taken.has(message.id) && says(message, one),
    );
    if (!match) continue;
    taken.add(match.id);
    found.add(one.key);
  }
  return found;
}

function says(message: MessageShape, one: Outgoing): boolean {
  const files = message.attachments ?? [];
  return (
    message.version > one.after &&
    message.text === one.text &&
    files.length === one.files.length &&
    files.every((file) => one.files.includes(file))
  );
}

/** The same each time that it is sent, wherever on the page that is. */
function bodyOf(one: Outgoing, { subject }: Place): Said {
  return {
    subject: { ...subject, part: one.part },
    surface: one.surface,
    text: one.text,
    attachments: one.files,
    ...(one.case === undefined ? {} : { case: one.case }),
    ...(one.fresh ? { fresh: true } : {}),
    ...(one.issue ? { issue: one.issue } : {}),
    ...(one.merchant ? { merchant: one.merchant } : {}),
    ...(one.creator ? { creator: one.creator } : {}),
  };
}
