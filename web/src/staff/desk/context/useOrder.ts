import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type {
  AuthorityShape,
  ChoicesShape,
  OrderShape,
  RemediesShape,
  SubjectShape,
} from "../../../api/schema";

/** An order as the case's desk sees it, with what was and what can be made good. */
export type OrderFile = {
  order: OrderShape;
  remedies: RemediesShape;
  choices: ChoicesShape;
  authority: AuthorityShape;
};

const ASKING_MS = 1_000;
const AGAIN_MS = 60_000;

/** All of it in one round; nothing for a conversation about something else. Of the order as a whole
 * it tells what can be made good of the first part that this desk sees. */
export function orderQuery(consumer: string, subject: SubjectShape | undefined, desk: string) {
  const order = subject?.kind === "order" ? (subject.id ?? "") : "";
  const wanted = subject?.part ?? 0;
  const path = { consumer, order };
  return queryOptions({
    queryKey: ["desk", "order", consumer, order, wanted, desk],
    enabled: order !== "",
    queryFn: async (): Promise<OrderFile> => {
      const base = "/v1/desk/orders/{consumer}/{order}";
      const asked = answer(api.GET(base, { params: { path } }));
      const part = wanted || (await asked).parts?.[0]?.number || 1;
      const [seen, remedies, choices, authority] = await Promise.all([
        asked,
        answer(api.GET(`${base}/remedies`, { params: { path } })),
        answer(api.GET(`${base}/remedies/choices`, { params: { path, query: { part } } })),
        answer(api.GET(`${base}/authority`, { params: { path, query: { desk } } })),
      ]);
      return { order: seen, remedies, choices, authority };
    },
    staleTime: 10_000,
    // Whether somebody may give something is known a moment later. Not everything tells of that, nor
    // of what a carrier says, or of a deadline that passes.
    refetchInterval: ({ state }) =>
      state.data?.remedies.remedies.some((one) => one.asking) ? ASKING_MS : AGAIN_MS,
  });
}

export function useOrder(consumer: string, subject: SubjectShape | undefined, desk: string) {
  return useQuery(orderQuery(consumer, subject, desk));
}

/** In whose name this agent gives something here: the platform's where they may, else their own. */
export function givingDesk(desks: readonly string[]): string {
  return desks.includes("platform") ? "platform" : (desks[0] ?? "platform");
}
