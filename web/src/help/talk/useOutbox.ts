import { useCallback, useEffect, useRef, useState } from "react";
import { answer, api, newKey, once } from "../../api/client";
import { Problem } from "../../api/problems";
import type { MessageShape, Received, Said } from "../../api/schema";
import { keep, readKept } from "../../shared/kept";
import type { Place } from "./place";

/** A message on its way. It keeps its key, so however often it is sent it counts once. */
export type Outgoing = {
  key: string;
  text: string;
  files: string[];
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
  /** The message that it became. */
  message?: string;
};

export type Wording = Pick<Outgoing, "text" | "files" | "case" | "fresh" | "issue" | "after">;

export type Outbox = {
  outgoing: Outgoing[];
  send: (wording: Wording) => void;
  retry: (key: string) => void;
  drop: (key: string) => void;
};

const IN_PART = "case_in_part";

/** What was written at a place and is not in its thread yet. It survives a reload; what was under
 * way then, and what failed for want of a connection, is sent again under its key. */
export function useOutbox(
  name: string,
  place: Place,
  { connected, onSent }: { connected: boolean; onSent: (received: Received) => void },
): Outbox {
  const [outgoing, setOutgoing] = useState<Outgoing[]>(() => readKept(`outbox/${name}`, []));
  const sent = useRef(onSent);
  sent.current = onSent;
  useEffect(() => keep(`outbox/${name}`, outgoing), [name, outgoing]);

  const change = useCallback((key: string, changes: Partial<Outgoing>) => {
    setOutgoing((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  }, []);

  const post = useCallback(
    async (one: Outgoing): Promise<void> => {
      change(one.key, { state: "sending" });
      try {
        const body = bodyOf(one, place);
        const received = await answer(
          api.POST("/v1/help/contacts", { body, headers: once(one.key) }),
        );
        change(one.key, { state: "sent", message: received.message });
        sent.current(received);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        const part = Number(error.detail);
        if (error.code === IN_PART && part > 0) {
          // The matter is open in that part already. That is another request, so another key.
          const moved = { ...one, key: newKey(), part };
          setOutgoing((all) => all.map((each) => (each.key === one.key ? moved : each)));
          return post(moved);
        }
        const { code, detail } = error;
        const passes = error.passes || error.status === 401;
        change(one.key, { state: "failed", code, detail, passes });
      }
    },
    [change, place],
  );

  const sendAgain = useCallback(
    (state: Outgoing["state"]) => {
      for (const one of readKept<Outgoing[]>(`outbox/${name}`, [])) {
        if (one.state === state && one.passes !== false) void post(one);
      }
    },
    [name, post],
  );
  const latest = useRef(sendAgain);
  latest.current = sendAgain;
  // What was under way when the page went, and what failed until the service is there again.
  useEffect(() => latest.current("sending"), []);
  useEffect(() => {
    const online = () => latest.current("failed");
    window.addEventListener("online", online);
    return () => window.removeEventListener("online", online);
  }, []);
  const was = useRef(connected);
  useEffect(() => {
    if (connected && !was.current) latest.current("failed");
    was.current = connected;
  }, [connected]);

  return {
    outgoing,
    send: (wording) => {
      const one: Outgoing = {
        ...wording,
        key: newKey(),
        part: place.subject.part ?? 0,
        state: "sending",
      };
      setOutgoing((all) => [...all, one]);
      void post(one);
    },
    retry: (key) => {
      const one = outgoing.find((each) => each.key === key);
      if (one) void post(one);
    },
    drop: (key) => setOutgoing((all) => all.filter((one) => one.key !== key)),
  };
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

function bodyOf(one: Outgoing, place: Place): Said {
  const { merchant, creator, subject, surface } = place;
  return {
    subject: { ...subject, part: one.part },
    surface,
    text: one.text,
    attachments: one.files,
    ...(one.case === undefined ? {} : { case: one.case }),
    ...(one.fresh ? { fresh: true } : {}),
    ...(one.issue ? { issue: one.issue } : {}),
    ...(merchant ? { merchant } : {}),
    ...(creator ? { creator } : {}),
  } as Said;
}
