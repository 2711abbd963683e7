import type { ConversationShape, ToldShape } from "../../../api/schema";
import { type Case, isOpen } from "../case/openCase";

/** What every panel of the finish bar gets. */
export type ActProps = {
  conversation: ConversationShape;
  about: Case;
  /** How the conversation came to where it is. */
  story: readonly ToldShape[];
  onClose: () => void;
};

export function pathOf(conversation: ConversationShape, about: Case) {
  return { consumer: conversation.consumer, conversation: conversation.id, case: about.number };
}

/** The cases that it can go on in: these desks' own, and the consumer is asked nothing there. */
export function otherCases(
  { cases }: ConversationShape,
  about: Case,
  desks: readonly string[],
): readonly Case[] {
  const ours = ({ owner }: Case) => desks.some((one) => one === "platform" || one === owner);
  return cases.filter(
    (one) => one.number !== about.number && isOpen(one) && !one.asked && ours(one),
  );
}

/** The desks that have to do with it, apart from the one that has it. */
export function otherDesks(conversation: ConversationShape, about: Case): readonly string[] {
  const all = ["platform"];
  if (conversation.merchant) all.push(`merchant:${conversation.merchant}`);
  if (conversation.creator) all.push(`creator:${conversation.creator}`);
  return all.filter((one) => one !== about.owner);
}
