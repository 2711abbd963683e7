// What the page asks of the service, under names by which it is asked again when it has changed.
import { queryOptions, replaceEqualDeep, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { HelpConversation } from "../api/schema";

const ORDERS_AT_ONCE = 20;
const CONVERSATIONS_AT_ONCE = 100;
export const AGAIN_MS = 15_000;

export const keys = {
  orders: ["orders"],
  order: (order: string) => ["order", order],
  remedies: (order: string) => ["remedies", order],
  choices: (order: string, part: number) => ["choices", order, part],
  conversations: ["conversations"],
  conversation: (conversation: string) => ["conversation", conversation],
  entries: (conversation: string) => ["entries", conversation],
  timeline: (order: string, remedy: number) => ["remedies", order, remedy],
};

/** My orders, the last changed first, page by page. */
export function useOrders() {
  return useInfiniteQuery({
    queryKey: keys.orders,
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/v1/help/orders", {
          params: { query: { limit: ORDERS_AT_ONCE, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: AGAIN_MS,
  });
}

export function useOrder(order: string) {
  return useQuery({
    queryKey: keys.order(order),
    queryFn: () => answer(api.GET("/v1/help/orders/{order}", { params: { path: { order } } })),
    refetchInterval: AGAIN_MS,
  });
}

/** The remedies of one order, in full. */
export function useRemedies(order: string | undefined) {
  return useQuery({
    queryKey: keys.remedies(order ?? ""),
    enabled: order !== undefined,
    refetchInterval: AGAIN_MS,
    queryFn: () =>
      answer(
        api.GET("/v1/help/orders/{order}/remedies", { params: { path: { order: order ?? "" } } }),
      ),
  });
}

/** All that can be asked for of a part now. */
export function useChoices(order: string, part: number) {
  return useQuery({
    queryKey: keys.choices(order, part),
    queryFn: () =>
      answer(
        api.GET("/v1/help/orders/{order}/remedies/choices", {
          params: { path: { order }, query: { part } },
        }),
      ),
    refetchInterval: AGAIN_MS,
  });
}

/** How many seconds it takes to reach a person about a part; null while nobody is there. */
export function useWait(order: string, part: number) {
  return useQuery({
    queryKey: ["wait", order, part],
    queryFn: async () => {
      const params = { path: { order }, query: { part } };
      return (await answer(api.GET("/v1/help/orders/{order}/wait", { params }))).seconds;
    },
    refetchInterval: AGAIN_MS,
  });
}

/** My conversations, the last changed first. */
export const myConversations = queryOptions({
  queryKey: keys.conversations,
  queryFn: () =>
    answer(
      api.GET("/v1/help/conversations", { params: { query: { limit: CONVERSATIONS_AT_ONCE } } }),
    ),
});

export function useConversations() {
  return useQuery(myConversations);
}

/** Those too that begin by themselves meanwhile, as when something that was promised is broken. */
export function useConversationsAsTheyCome() {
  return useQuery({ ...myConversations, refetchInterval: AGAIN_MS });
}

export function useConversation(conversation: string) {
  return useQuery({
    queryKey: keys.conversation(conversation),
    queryFn: () =>
      answer(
        api.GET("/v1/help/conversations/{conversation}", { params: { path: { conversation } } }),
      ),
    // An answer that comes late does not undo what its updates have brought meanwhile.
    structuralSharing: (before, now) =>
      later(before as HelpConversation | undefined, now as HelpConversation),
  });
}

function later(before: HelpConversation | undefined, now: HelpConversation): HelpConversation {
  return before && before.version > now.version ? before : replaceEqualDeep(before, now);
}
