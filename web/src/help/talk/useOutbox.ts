import { useCallback, useEffect, useRef, useState } from "react";
import { answer, api, newKey, once } from "../../api/client";
import { Problem } from "../../api/problems";
import type { Received, Said } from "../../api/schema";
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
  at: string;
  state: "sending" | "failed" | "sent";
  /** The code of the problem, and whether trying again may help. */
  code?: string;
  detail?: string;
  passes?: boolean;
  /** The message that it became. */
  message?: string;
};

export type Wording = Pick<Outgoing, "text" | "files" | "case" | "fresh">;

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
  { onSent }: { onSent: (received: Received) => void },
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

  const first = useRef(true);
  useEffect(() => {
    const again = (states: Outgoing["state"][]) => {
      for (const one of readKept<Outgoing[]>(`outbox/${name}`, [])) {
        if (states.includes(one.state) && one.passes !== false) void post(one);
      }
    };
    if (first.current) again(["sending"]);
    first.current = false;
    const online = () => again(["failed"]);
    window.addEventListener("online", online);
    return () => window.removeEventListener("online", online);
  }, [name, post]);

  return {
    outgoing,
    send: (wording) => {
      const one: Outgoing = {
        ...wording,
        key: newKey(),
        part: place.subject.part ?? 0,
        at: new Date().toISOString(),
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

function bodyOf(one: Outgoing, place: Place): Said {
  const { merchant, creator, subject, surface } = place;
  return {
    subject: { ...subject, part: one.part },
    surface,
    text: one.text,
    attachments: one.files,
    ...(one.case === undefined ? {} : { case: one.case }),
    ...(one.fresh ? { fresh: true } : {}),
    ...(merchant ? { merchant } : {}),
    ...(creator ? { creator } : {}),
  } as Said;
}
