// What is being written, per case and audience: the text and the files that go with it.
import { useCallback, useSyncExternalStore } from "react";
import type { AttachmentShape, Audience } from "../../../api/schema";
import { keepDraft, readDraft } from "../../../shared/drafts";

export type Draft = { text: string; files: readonly AttachmentShape[] };

const NOTHING: Draft = { text: "", files: [] };
const held = new Map<string, Draft>();
const listeners = new Set<() => void>();

/** Each agent's own: whoever logs in after them at this browser does not find it. */
export function draftName(
  agent: string,
  about: { conversation: string; case: number },
  what: Audience | "ask" | "refer" | "line" | "referral" | "audience",
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

export function draftOf(name: string): Draft {
  let found = held.get(name);
  if (!found) {
    found = { text: readDraft(name), files: filesOf(readDraft(`${name}.files`)) };
    held.set(name, found.text || found.files.length ? found : NOTHING);
  }
  return held.get(name) ?? NOTHING;
}

/** A message that was not sent is a draft again, before what was written since. */
export function giveBack(name: string, { text }: { text: string }): void {
  const draft = draftOf(name);
  setDraft(name, { ...draft, text: draft.text ? `${text}\n${draft.text}` : text });
}

function setDraft(name: string, draft: Draft): void {
  held.set(name, draft);
  keepDraft(name, draft.text);
  keepDraft(`${name}.files`, draft.files.length ? JSON.stringify(draft.files) : "");
  for (const one of listeners) one();
}

function filesOf(kept: string): readonly AttachmentShape[] {
  try {
    return kept ? (JSON.parse(kept) as AttachmentShape[]) : [];
  } catch {
    return [];
  }
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}
