import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { answer, api, newKey, once } from "../../api/client";
import type { HelpConversation, PreviewShape, WishShape } from "../../api/schema";
import { myConversations } from "../asking";

/** A wish as far as this page can say it. */
export type Wish = {
  kind: WishShape["kind"];
  reason: string;
  part: number;
  /** By the item's place in its part, from 1; without it all that is left. */
  quantities?: Record<number, number>;
};

function wishOf({ kind, reason, part, quantities }: Wish): WishShape {
  const lines = Object.entries(quantities ?? {})
    .filter(([, quantity]) => quantity > 0)
    .map(([item, quantity]) => ({ part, item: Number(item), quantity }));
  return { kind, reason, part: lines.length ? 0 : part, lines };
}

/** What a wish would come to now. Nothing changes by asking. */
export function usePreview(order: string, wish: Wish) {
  return useQuery({
    queryKey: ["preview", order, wish],
    queryFn: () =>
      answer(
        api.POST("/v1/help/orders/{order}/remedies/preview", {
          params: { path: { order } },
          body: wishOf(wish),
        }),
      ),
    // The last one stays until the next is there, so that nothing jumps under the stepper.
    placeholderData: (before) => before,
    staleTime: 0,
  });
}

/** For which issue a person would look at it. */
const ISSUES: Record<string, string> = {
  changed_mind: "return",
  ordered_by_mistake: "return",
  price_drop: "price",
  late: "late_delivery",
  not_received: "late_delivery",
  damaged: "quality",
  spoiled: "quality",
  not_as_described: "quality",
};

export type Asking = { wish: Wish; shown: PreviewShape; note: string; files: string[] };

/** Asks for exactly what was shown. Pictures and words become a message of the conversation about
 * it, and the remedy belongs to its case. Each step has a key, so that trying again does each once. */
export function useAsk(order: string, onAsked: (conversation: string | undefined) => void) {
  const queries = useQueryClient();
  const keysOf = useRef(new Map<string, string>());
  const casesOf = useRef(new Map<number, ReturnType<typeof caseOf>>());
  const once_ = (step: unknown) => {
    const name = JSON.stringify(step);
    const key = keysOf.current.get(name) ?? newKey();
    keysOf.current.set(name, key);
    return once(key);
  };
  return useMutation({
    mutationFn: async ({ wish, shown, note, files }: Asking): Promise<string | undefined> => {
      const { part, reason } = wish;
      // Looked for once: tried again it is the same request, whatever has been opened meanwhile.
      if (!casesOf.current.has(part)) {
        const { items } = await queries.fetchQuery(myConversations);
        casesOf.current.set(part, caseOf(items, order, part));
      }
      let about = casesOf.current.get(part);
      if (note || files.length) {
        const body = {
          subject: { kind: "order" as const, id: order, part },
          issue: ISSUES[reason] ?? reason,
          text: note,
          attachments: files,
        };
        const headers = once_(["say", note, files]);
        const { conversation, case: number } = await answer(
          api.POST("/v1/help/contacts", { body, headers }),
        );
        about = { conversation, case: number };
      }
      const body = {
        wish: wishOf(wish),
        expected_minor: shown.amount_minor ?? 0,
        evidence: files,
        ...(about ? { case: about } : {}),
      };
      await answer(
        api.POST("/v1/help/orders/{order}/remedies", {
          params: { path: { order } },
          body,
          headers: once_(["ask", body]),
        }),
      );
      return about?.conversation;
    },
    onSuccess: (conversation) => {
      // First, as what is asked for again may take away what asked for this.
      onAsked(conversation);
      void queries.invalidateQueries();
    },
  });
}

/** The open case about this part, if there is one: there it is told how it goes on. */
function caseOf(conversations: HelpConversation[], order: string, part: number) {
  for (const { id, subject, cases } of conversations) {
    if (subject.id !== order || ![0, part].includes(subject.part ?? 0)) continue;
    const open = cases.findLast((one) => !["resolved", "closed"].includes(one.status));
    if (open) return { conversation: id, case: open.number };
  }
  return undefined;
}
