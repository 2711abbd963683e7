// Stories come in parts; a page shows them whole, up to a bound.
import { answer, api } from "../../../api/client";
import { Problem } from "../../../api/problems";
import type { StoryShape } from "../../../api/schema";

const PART = 100;
const PARTS_MAX = 10;

export type Part = (after: number) => Promise<StoryShape>;

/** A story as far as it is shown; `upto`: the version behind which it goes on. */
export type Whole = Required<Pick<StoryShape, "items" | "agents" | "rules">> & {
  upto: number | null;
};

export async function whole(part: Part, from = 0): Promise<Whole> {
  const found: Whole = { items: [], agents: [], rules: [], upto: null };
  let after = from;
  for (let number = 0; number < PARTS_MAX; number += 1) {
    const one = await part(after);
    found.items.push(...one.items);
    found.agents.push(...(one.agents ?? []));
    found.rules.push(...(one.rules ?? []));
    if (!one.upto) return found;
    after = one.upto;
  }
  return { ...found, upto: after };
}

/** The same of something that may not be there: then nothing. */
export async function wholeIfAny(part: Part, from = 0): Promise<Whole> {
  try {
    return await whole(part, from);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) {
      return { items: [], agents: [], rules: [], upto: null };
    }
    throw error;
  }
}

export const readCaseStory =
  (consumer: string, conversation: string): Part =>
  (after) =>
    answer(
      api.GET("/v1/desk/cases/{consumer}/{conversation}/story", {
        params: { path: { consumer, conversation }, query: { after, limit: PART } },
      }),
    );

export const readOrderStory =
  (consumer: string, order: string): Part =>
  (after) =>
    answer(
      api.GET("/v1/admin/consumers/{consumer}/orders/{order}/story", {
        params: { path: { consumer, order }, query: { after, limit: PART } },
      }),
    );

export const readRemediesStory =
  (consumer: string, order: string): Part =>
  (after) =>
    answer(
      api.GET("/v1/admin/consumers/{consumer}/orders/{order}/remedies/story", {
        params: { path: { consumer, order }, query: { after, limit: PART } },
      }),
    );

export const readAgentStory =
  (agent: string): Part =>
  (after) =>
    answer(
      api.GET("/v1/admin/agents/{agent}/story", {
        params: { path: { agent }, query: { after, limit: PART } },
      }),
    );

export const readAccountStory =
  (party: string, currency: string): Part =>
  (after) =>
    answer(
      api.GET("/v1/admin/parties/{party}/accounts/{currency}/story", {
        params: { path: { party, currency }, query: { after, limit: PART } },
      }),
    );

export const readWalletStory =
  (consumer: string): Part =>
  (after) =>
    answer(
      api.GET("/v1/admin/consumers/{consumer}/wallet/story", {
        params: { path: { consumer }, query: { after, limit: PART } },
      }),
    );

export const readBudgetStory =
  (path: { market: string; budget: string; currency: string }, slice: number): Part =>
  (after) =>
    answer(
      api.GET("/v1/admin/markets/{market}/budgets/{budget}/{currency}/story", {
        params: { path, query: { slice, after, limit: PART } },
      }),
    );

export const readListingStory =
  (merchant: string, listing: string): Part =>
  (after) =>
    answer(
      api.GET("/v1/admin/merchants/{merchant}/listings/{listing}/story", {
        params: { path: { merchant, listing }, query: { after, limit: PART } },
      }),
    );

export const readDeskStory =
  (desk: string): Part =>
  (after) =>
    answer(
      api.GET("/v1/admin/desks/{desk}/story", {
        params: { path: { desk }, query: { after, limit: PART } },
      }),
    );

export const readMarketStory =
  (market: string): Part =>
  (after) =>
    answer(
      api.GET("/v1/admin/markets/{market}/story", {
        params: { path: { market }, query: { after, limit: PART } },
      }),
    );

export const readPartyStory =
  (party: string): Part =>
  (after) =>
    answer(
      api.GET("/v1/admin/parties/{party}/story", {
        params: { path: { party }, query: { after, limit: PART } },
      }),
    );
