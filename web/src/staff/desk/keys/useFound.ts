import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import { Problem } from "../../../api/problems";
import type { ConversationShape } from "../../../api/schema";
import { caseMeant } from "../case/openCase";

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const SHOWN = 10;

/** A case that may be opened; of some it is not known what they are about. */
export type Found = {
  consumer: string;
  conversation: string;
  case: number;
  issue?: string;
  status?: string;
};

/**
 * The cases that ids name, as far as they may be seen: those of a consumer, of a consumer's order, or the
 * one at an address of the desk. `named`: there are ids in the text; `found` undefined: not known yet.
 */
export function useFound(text: string) {
  const [consumer, other] = text.toLowerCase().match(ID) ?? [];
  const number = Number(/#(\d+)/.exec(text)?.[1] ?? 0) || null;
  const { data, error } = useQuery({
    queryKey: ["desk", "found", consumer, other, number],
    enabled: consumer !== undefined,
    queryFn: () => {
      if (consumer === undefined) return [];
      return other === undefined ? ofConsumer(consumer) : ofBoth(consumer, other, number);
    },
  });
  return { named: consumer !== undefined, found: data, error };
}

async function ofConsumer(consumer: string): Promise<Found[]> {
  const params = { path: { consumer }, query: { limit: SHOWN } };
  const asked = answer(api.GET("/v1/desk/consumers/{consumer}/conversations", { params }));
  const page = await seen(asked);
  return (page?.items ?? []).flatMap((one) => meant(one, null));
}

/** The second is a conversation's, as in an address, or an order's. */
async function ofBoth(consumer: string, id: string, number: number | null): Promise<Found[]> {
  const path = { consumer, conversation: id };
  const conversation = await seen(
    answer(api.GET("/v1/desk/cases/{consumer}/{conversation}", { params: { path } })),
  );
  if (conversation) return meant(conversation, number);
  const params = { path: { consumer, order: id } };
  const cases = await seen(answer(api.GET("/v1/desk/orders/{consumer}/{order}/cases", { params })));
  return (cases?.items ?? []).map((one) => ({ consumer, ...one }));
}

function meant(conversation: ConversationShape, number: number | null): Found[] {
  const { consumer, id } = conversation;
  const about = caseMeant(conversation, number);
  if (!about) return [];
  const { issue, status } = about;
  return [{ consumer, conversation: id, case: about.number, issue, status }];
}

/** What is there for us; null for what is not. */
async function seen<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 404) return null;
    throw problem;
  }
}
