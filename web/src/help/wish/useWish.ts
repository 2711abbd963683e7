import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api, once } from "../../api/client";
import { Problem } from "../../api/problems";
import type { HelpConversation, PreviewShape, WishShape } from "../../api/schema";
import { answered, keyOf } from "../../shared/attempt";
import { keep, readKept } from "../../shared/kept";
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
    // What it came to before something else was asked for is not shown again.
    gcTime: 0,
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

/** The names under which it is tried to ask for something of this order. */
function attemptsOf(order: string) {
  const name = `asking/${order}`;
  return {
    says: `${name}/says`,
    moved: `${name}/moved`,
    asks: `${name}/asks`,
    where: `${name}/where`,
  };
}

/** Whoever acts on what they asked for has seen that it arrived; the same wish is a new one then. */
export function hasArrived(order: string): void {
  Object.values(attemptsOf(order)).forEach(answered);
}

export type Asking = { wish: Wish; shown: PreviewShape; note: string; files: string[] };

/** The case that it is about, as it was when this was asked for first. */
type About = { key: string; about: CaseLink | null };
type CaseLink = { conversation: string; case: number };

/** Asks for exactly what was shown. Pictures and words become a message of the conversation about
 * it, and the remedy belongs to its case. Each step has a key, so that trying again does each once,
 * after a reload, too; and words that have arrived are not said again because the remedy was
 * refused. */
export function useAsk(order: string, onAsked: (conversation: string | undefined) => void) {
  const queries = useQueryClient();
  const attempts = attemptsOf(order);
  const { says, moved, asks, where } = attempts;
  /** Looked for once: tried again it is the same request, whatever has been opened meanwhile. */
  const lookFor = async (key: string, part: number): Promise<CaseLink | undefined> => {
    const known = readKept<About | null>(where, null);
    if (known?.key === key) return known.about ?? undefined;
    const { items } = await queries.fetchQuery(myConversations);
    const about = caseOf(items, order, part);
    keep(where, { key, about: about ?? null } satisfies About);
    return about;
  };
  return useMutation({
    mutationFn: async (asking: Asking): Promise<string | undefined> => {
      const { wish, shown, note, files } = asking;
      const { part, reason } = wish;
      const wanted = { wish: wishOf(wish), expected_minor: shown.amount_minor ?? 0 };
      const key = keyOf(asks, [wanted, note, files]);
      let about = await lookFor(key, part);
      if (note || files.length) {
        const say = (name: string, inPart: number) => {
          const body = {
            subject: { kind: "order" as const, id: order, part: inPart },
            issue: ISSUES[reason] ?? reason,
            text: note,
            attachments: files,
          };
          const headers = once(keyOf(name, body));
          return answer(api.POST("/v1/help/contacts", { body, headers }));
        };
        const { conversation, case: number } = await untilRefused(
          Object.values(attempts),
          say(says, part).catch((error) => {
            // The matter is open in that part already, or in the order as a whole.
            const other = error instanceof Problem ? error.elsewhere : undefined;
            if (other === undefined) throw error;
            return say(moved, other);
          }),
        );
        about = { conversation, case: number };
      }
      const body = { ...wanted, evidence: files, ...(about ? { case: about } : {}) };
      await untilRefused(
        [asks, where],
        answer(
          api.POST("/v1/help/orders/{order}/remedies", {
            params: { path: { order } },
            body,
            headers: once(key),
          }),
        ),
      );
      return about?.conversation;
    },
    onSuccess: (conversation) => {
      Object.values(attempts).forEach(answered);
      // First, as what is asked for again may take away what asked for this.
      onAsked(conversation);
      void queries.invalidateQueries();
    },
  });
}

/** What was answered; after a no, what is asked for under these names is something new. */
async function untilRefused<T>(names: readonly string[], asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.refuses) names.forEach(answered);
    throw error;
  }
}

/** The open case about this part, if there is one: there it is told how it goes on. */
function caseOf(
  conversations: HelpConversation[],
  order: string,
  part: number,
): CaseLink | undefined {
  for (const { id, subject, cases } of conversations) {
    if (subject.id !== order || ![0, part].includes(subject.part ?? 0)) continue;
    const open = cases.findLast((one) => !["resolved", "closed"].includes(one.status));
    if (open) return { conversation: id, case: open.number };
  }
  return undefined;
}
