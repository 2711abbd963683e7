import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { answer, api, newKey, once } from "../../../api/client";
import type {
  ClearMessage,
  ClearMessages,
  ConversationShape,
  Grant,
  NewReveal,
} from "../../../api/schema";
import { serverTime } from "../../../api/serverTime";
import type { Session } from "../../session/session";
import type { Case } from "../case/openCase";

/** `ofOrder`: it is where the order goes, not where its consumer is registered. */
type Seen = { texts: readonly ClearMessage[]; ofOrder?: boolean };
export type Revealed = { grant: Grant } & Seen;
type Asked = Pick<NewReveal, "field" | "reason">;

/** Asks to see something in clear. What is seen is kept in this page only, and only for its time. */
export function useReveal(conversation: ConversationShape, about: Case, desk: string) {
  const [seen, setSeen] = useState<Revealed | null>(null);
  const { consumer, subject } = conversation;
  const asking = useMutation({
    gcTime: 0,
    mutationFn: async ({ field, reason }: Asked): Promise<Revealed> => {
      const grant = await answer(
        api.POST("/v1/desk/consumers/{consumer}/reveals", {
          params: { path: { consumer }, header: once(newKey()) },
          body: {
            ...{ field, reason, desk, conversation: conversation.id, case: about.number },
            order: subject.kind === "order" ? (subject.id ?? null) : null,
          },
        }),
      );
      return { grant, ...(await inClear(conversation, grant)) };
    },
    onSuccess: setSeen,
  });
  const forget = asking.reset;
  const hide = useCallback(() => {
    setSeen(null);
    forget();
  }, [forget]);
  const until = seen?.grant.until;
  useEffect(() => {
    if (!until) return;
    const timer = setTimeout(hide, new Date(until).getTime() - serverTime().getTime());
    return () => clearTimeout(timer);
  }, [until, hide]);
  return { seen, asking, hide };
}

/** For which desk of theirs it is seen: the platform's, else of an order the one that has goods to
 * send here. No other is shown anything, and null where there is none. */
export function seeingDesk(
  { merchant, subject }: ConversationShape,
  { owner, referral }: Case,
  { desks, role }: Session,
): string | null {
  if (desks.includes("platform") || role === "admin") return "platform";
  const sending = desks.filter((one) => one.startsWith("merchant:"));
  if (subject.kind !== "order") return null;
  const nearest = [`merchant:${merchant}`, owner, referral?.desk];
  return nearest.find((one) => one && sending.includes(one)) ?? sending[0] ?? null;
}

async function inClear({ consumer, id }: ConversationShape, { field }: Grant): Promise<Seen> {
  if (field === "messages") {
    const path = { consumer, conversation: id };
    const texts: ClearMessage[] = [];
    let after: number | null | undefined = 0;
    while (after != null) {
      const page: ClearMessages = await answer(
        api.GET("/v1/desk/cases/{consumer}/{conversation}/revealed", {
          params: { path, query: { after } },
        }),
      );
      texts.push(...page.items);
      after = page.upto;
    }
    return { texts };
  }
  const { value, order } = await answer(
    api.GET("/v1/desk/consumers/{consumer}/reveals/{field}", {
      params: { path: { consumer, field } },
    }),
  );
  return { texts: value ? [{ id: field, text: value }] : [], ofOrder: Boolean(order) };
}
