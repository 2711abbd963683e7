// What is said to many at once: the body of both steps, made of what was chosen and filled in.

import { answer, api, newKey } from "../../api/client";
import type {
  Bulk,
  BulkDone,
  BulkPreview,
  CaseDueShape,
  FollowedShape,
  RemedyDueShape,
} from "../../api/schema";
import { answered, keyOf } from "../../shared/attempt";
import type { Shown } from "./showing";

export const ITEMS_MAX = 100;

export type Doing = "grant" | "refuse" | "offer" | "answer" | "object" | "contest";

export type Chosen = {
  remedies: readonly RemedyDueShape[];
  cases: readonly CaseDueShape[];
  decided: readonly FollowedShape[];
};

/** What a person fills in; each action asks for some of it. */
export type Filled = {
  reason: string;
  fact: string;
  percent: number;
  text: string;
  file: File | null;
};

/** One chosen thing with its key. `kept`: what the key with which it is given is kept by in this
 * browser, until it is answered. */
export type Item = {
  key: string;
  kept: string;
  name: string;
  of: RemedyDueShape | CaseDueShape | FollowedShape;
};

export const NOTHING_FILLED: Filled = { reason: "", fact: "", percent: 50, text: "", file: null };

const EMPTY: Required<Bulk> = {
  grants: [],
  refusals: [],
  offers: [],
  contests: [],
  objections: [],
  answers: [],
};

/** Whether it waits for a yes or a no, and not for goods or evidence. */
export function canGrant(one: RemedyDueShape): boolean {
  return one.clock === "answer" && !one.disputed && !one.second_person;
}

/** What can be done to some of what is chosen, and to which of it. */
export function possible(chosen: Chosen): ReadonlyMap<Doing, Item["of"][]> {
  const found = new Map<Doing, Item["of"][]>();
  const add = (doing: Doing, items: Item["of"][]) => items.length > 0 && found.set(doing, items);
  for (const doing of ["grant", "refuse", "offer"] as const) add(doing, [...chosen.remedies]);
  add("answer", [...chosen.cases]);
  add(
    "object",
    chosen.decided.filter((one) => one.what === "objectionable"),
  );
  add(
    "contest",
    chosen.decided.filter((one) => one.what === "contestable"),
  );
  return found;
}

export function itemsOf(
  of: readonly Item["of"][],
  nameOf: (one: Item["of"]) => string,
  keptBy: (one: Item["of"]) => string,
): Item[] {
  return of
    .slice(0, ITEMS_MAX)
    .map((one) => ({ key: newKey(), kept: keptBy(one), name: nameOf(one), of: one }));
}

/** Gives them; the same that was not answered has the same key when it is given once more, after a
 * reload, too, as long as the same waits for it. */
export async function giveOnce(items: readonly Item[], body: Bulk): Promise<BulkDone> {
  const sent = structuredClone(body) as Required<Bulk>;
  const given = Object.values(sent).flat();
  const own = new Map<string, Item>();
  for (const item of items) {
    const said = given.find((one) => one.key === item.key);
    if (!said) continue;
    said.key = keyOf(item.kept, { ...said, key: "", until: untilOf(item.of) });
    own.set(said.key, item);
  }
  const done = await answer(api.POST("/v1/desk/bulk", { body: sent }));
  const told = done.items.map((one) => ({ ...one, key: own.get(one.key)?.key ?? one.key }));
  // Those that were not answered are tried again together with the others, which count once by this.
  const isOpen = told.some((one) => !one.done && (one.why?.status ?? 0) >= 429);
  if (!isOpen) for (const { kept } of items) answered(kept);
  return { ...done, items: told };
}

/** Until when it waits: what waits once more, does so until another moment. */
function untilOf(one: Item["of"]): string {
  return "outlook" in one ? one.outlook.at : one.due_at;
}

/** Whether enough was filled in to look at what it comes to. */
export function isReady(doing: Doing, filled: Filled): boolean {
  switch (doing) {
    case "grant":
      return true;
    case "refuse":
      return filled.reason !== "" && filled.fact !== "";
    case "offer":
      return filled.percent > 0 && filled.percent < 100;
    case "answer":
      return filled.text.trim() !== "";
    case "object":
      return filled.reason !== "";
    case "contest":
      return filled.reason !== "" && filled.file !== null;
  }
}

/** `shown`: the file that shows it, by item key. */
export function bodyOf(
  doing: Doing,
  items: readonly Item[],
  filled: Filled,
  shown: ReadonlyMap<string, Shown>,
): Bulk {
  const body: Required<Bulk> = structuredClone(EMPTY);
  for (const { key, of } of items) {
    if ("issue" in of) {
      const { consumer, conversation } = of;
      body.answers.push({ key, consumer, conversation, case: of.case, text: filled.text });
      continue;
    }
    const about = { key, consumer: of.consumer, order: of.order, remedy: of.number };
    const evidence = [shown.get(key)?.id].filter((one) => one !== undefined);
    if (doing === "grant") body.grants.push({ ...about, expected_minor: of.amount_minor });
    if (doing === "refuse")
      body.refusals.push({ ...about, reason: filled.reason, facts: [filled.fact], evidence: [] });
    if (doing === "offer") body.offers.push({ ...about, ...offered(of, filled.percent) });
    if (doing === "object") body.objections.push({ ...about, reason: filled.reason });
    if (doing === "contest") body.contests.push({ ...about, reason: filled.reason, evidence });
  }
  return body;
}

function offered(of: RemedyDueShape | FollowedShape, percent: number) {
  const amount_minor = Math.floor((of.amount_minor * percent) / 100);
  return {
    expected_minor: amount_minor,
    wish: {
      kind: "refund" as const,
      reason: of.reason,
      lines: [],
      part: 0,
      amount_minor,
      currency: of.currency,
      replacements: [],
      method: "",
      opened: false,
    },
  };
}

export function previewOf(body: Bulk): Promise<BulkPreview> {
  return answer(api.POST("/v1/desk/bulk/preview", { body }));
}
