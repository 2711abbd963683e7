import { useEffect, useRef } from "react";
import { api } from "../../../api/client";
import type { Audience, Doing } from "../../../api/schema";

const AGAIN_MS = 10_000;

type Where = { consumer: string; conversation: string; case: number };

/** Tells whoever else is at this case that one looks, or writes and for whom, while it is so. */
export function useAttending(where: Where, writing: Audience | null): void {
  const { consumer, conversation, case: number } = where;
  const doing = useRef<{ doing: Doing; audience: Audience }>({
    doing: "looking",
    audience: "internal",
  });
  useEffect(() => {
    doing.current = writing
      ? { doing: "writing", audience: writing }
      : { doing: "looking", audience: "internal" };
    tell({ consumer, conversation, case: number }, doing.current);
  }, [consumer, conversation, number, writing]);
  useEffect(() => {
    const here = { consumer, conversation, case: number };
    const timer = setInterval(() => tell(here, doing.current), AGAIN_MS);
    return () => {
      clearInterval(timer);
      tell(here, { doing: "gone", audience: "internal" });
    };
  }, [consumer, conversation, number]);
}

let told: Promise<unknown> = Promise.resolve();

/** It is a courtesy: where it does not arrive, nothing is lost. One after the other, so that what
 * was said last is what stands. */
function tell(path: Where, body: { doing: Doing; audience: Audience }): void {
  const address = "/v1/desk/cases/{consumer}/{conversation}/{case}/attending" as const;
  told = told.then(() => api.POST(address, { params: { path }, body }).catch(() => {}));
}
