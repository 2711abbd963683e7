import type { CaseShape, ConversationShape } from "../../../api/schema";

export type Case = CaseShape;

/** The case that is meant: the one named, else the one that is worked on. */
export function caseMeant(conversation: ConversationShape, number: number | null): Case | null {
  const { cases } = conversation;
  const named = cases.find((one) => one.number === number);
  return named ?? cases.findLast(isOpen) ?? cases.at(-1) ?? null;
}

export function isOpen(one: Case): boolean {
  return one.status !== "closed" && one.status !== "resolved";
}
