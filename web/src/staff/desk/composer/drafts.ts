// What is being written, per case and audience: the text, and what goes with it.
import { useCallback, useSyncExternalStore } from "react";
import type { AttachmentShape, Audience, CardSaid } from "../../../api/schema";
import { keepDraft, onOtherDraft, readDraft } from "../../../shared/drafts";

export const AUDIENCES = ["consumer", "desks", "internal"] as const satisfies Audience[];

/** The other steps of a case in which something is written. */
export const STEPS = ["ask", "refer", "line", "referral", "call"] as const;
export type Step = (typeof STEPS)[number];

/** What goes with a text. */
type With = {
  files: readonly AttachmentShape[];
  card: CardSaid | null;
  mentions: readonly string[];
};
export type Draft = With & { text: string };

const ALONE: With = { files: [], card: null, mentions: [] };
const NOTHING: Draft = { text: "", ...ALONE };
const held = new Map<string, Draft>();
const listeners = new Set<() => void>();

/** Each agent's own: whoever logs in after them at this browser does not find it. */
export function draftName(
  agent: string,
  about: { conversation: string; case: number },
  what: Audience | Step | "audience",
): string {
  return `desk.${agent}.${about.conversation}.${about.case}.${what}`;
}

/** The draft of this name; it is the same wherever it is shown, and after a reload. */
export function useDeskDraft(name: string): [Draft, (changed: Partial<Draft>) => void] {
  const draft = useSyncExternalStore(subscribe, () => draftOf(name));
  const change = useCallback(
    (changed: Partial<Draft>) => setDraft(name, { ...draftOf(name), ...changed }),
    [name],
  );
  return [draft, change];
}

/** Whether this agent has written anything in this case that was not sent, to whomever. */
export function useWritten(agent: string, about: { conversation: string; case: number }): boolean {
  return useSyncExternalStore(subscribe, () =>
    AUDIENCES.some((audience) => isWritten(draftName(agent, about, audience))),
  );
}

export function isWritten(name: string): boolean {
  const draft = draftOf(name);
  return draft.text !== "" || !isAlone(draft);
}

export function draftOf(name: string): Draft {
  let found = held.get(name);
  if (!found) {
    found = { text: readDraft(name), ...withOf(readDraft(`${name}.with`)) };
    held.set(name, found.text || !isAlone(found) ? found : NOTHING);
  }
  return held.get(name) ?? NOTHING;
}

/** A message that was not sent is a draft again, before what was written since. */
export function giveBack(name: string, { text, files, card, mentions }: Draft): void {
  const draft = draftOf(name);
  setDraft(name, {
    text: draft.text ? `${text}\n${draft.text}` : text,
    files: [...files, ...draft.files],
    card: draft.card ?? card,
    mentions: [...new Set([...draft.mentions, ...mentions])],
  });
}

function setDraft(name: string, draft: Draft): void {
  held.set(name, draft);
  keepDraft(name, draft.text);
  const { text: _, ...goesWith } = draft;
  keepDraft(`${name}.with`, isAlone(draft) ? "" : JSON.stringify(goesWith));
  for (const one of listeners) one();
}

function isAlone({ files, card, mentions }: With): boolean {
  return files.length === 0 && card === null && mentions.length === 0;
}

function withOf(kept: string): With {
  try {
    return kept ? { ...ALONE, ...(JSON.parse(kept) as With) } : ALONE;
  } catch {
    return ALONE;
  }
}

onOtherDraft((name) => {
  if (held.delete(name.replace(/\.with$/, ""))) for (const one of listeners) one();
});

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}
