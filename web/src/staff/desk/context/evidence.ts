import { useState } from "react";
import type { MessageShape } from "../../../api/schema";

/** A file that stands in the conversation, and when it was sent. */
export type SentFile = { id: string; at: string };

/** So many files show one thing at most. */
export const EVIDENCE_MAX = 9;

/** What this side has sent, the earliest first; a note's files show nothing to anybody. */
export function filesBy(by: "agent" | "consumer", messages: readonly MessageShape[]): SentFile[] {
  return messages
    .filter((one) => one.by === by && one.audience !== "internal" && !one.erased_at)
    .flatMap((one) => (one.attachments ?? []).map((id) => ({ id, at: one.at })));
}

/** What the consumer has to show for it: all that they sent, but for what was left out. */
export function useConsumersEvidence(messages: readonly MessageShape[], needed: number) {
  const [left, leave] = useState<readonly string[]>([]);
  const files = needed > 0 ? filesBy("consumer", messages) : [];
  const ids = files.map((one) => one.id);
  const chosen = ids.filter((id) => !left.includes(id)).slice(0, EVIDENCE_MAX);
  const choose = (wanted: string[]) => leave(ids.filter((id) => !wanted.includes(id)));
  return { needed, files, chosen, choose, enough: chosen.length >= needed };
}

export type ConsumersEvidence = ReturnType<typeof useConsumersEvidence>;
