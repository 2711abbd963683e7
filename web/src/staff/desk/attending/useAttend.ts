// Saying that one is here, and hearing who else is: a hint for people, kept by nobody.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answer, api } from "../../../api/client";
import type { Audience, Role } from "../../../api/schema";

/** As the stream of a case tells it; of another desk's agent only the desk. */
export type Attendant = {
  by: Role;
  doing: "looking" | "writing";
  until: string;
  case?: number;
  desk?: string;
  agent?: string;
  audience?: Audience;
};

/** A sign lasts twenty seconds. */
const AGAIN_MS = 10_000;
/** Whoever has not typed for so long is not writing any more. */
const STILL_MS = 8_000;

type Attending = { items: readonly Attendant[] };

const NOBODY: Attending = { items: [] };

export function attendingKey(conversation: string) {
  return ["desk", "attending", conversation];
}

/** Who else is there, as the case's stream has told. */
export function useOthers(conversation: string): readonly Attendant[] {
  const { data } = useQuery<Attending>({
    queryKey: attendingKey(conversation),
    queryFn: () => NOBODY,
    initialData: NOBODY,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data.items;
}

type Here = { consumer: string; conversation: string; case: number };

/** For as long as this is shown, others see that somebody looks; and, after `typed()`, writes. */
export function useAttend({ consumer, conversation, case: number }: Here, audience: Audience) {
  const typedAt = useRef(0);
  const tell = useRef<() => void>(() => {});
  useEffect(() => {
    const path = { consumer, conversation, case: number };
    let told = "";
    const say = (doing: "looking" | "writing" | "gone") => {
      told = doing;
      const route = "/v1/desk/cases/{consumer}/{conversation}/{case}/attending";
      // It is only a hint: one that is lost is followed by the next.
      void answer(api.POST(route, { params: { path }, body: { doing, audience } })).catch(() => {});
    };
    const doing = () => (Date.now() - typedAt.current < STILL_MS ? "writing" : "looking");
    tell.current = () => {
      if (told !== "writing") say("writing");
    };
    say(doing());
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") say(doing());
    }, AGAIN_MS);
    return () => {
      clearInterval(timer);
      say("gone");
    };
  }, [consumer, conversation, number, audience]);
  return () => {
    typedAt.current = Date.now();
    tell.current();
  };
}
