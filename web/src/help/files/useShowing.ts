import { useRef, useState } from "react";
import { answer, api, newKey, once } from "../../api/client";
import { Problem } from "../../api/problems";
import type { Said } from "../../api/schema";
import { keep, readKept } from "../../shared/kept";
import { type Files, useFiles } from "./useFiles";

type Message = { ids: string; key: string };

/**
 * Files that are shown in the conversation first, so that whoever decides can look at them, and are
 * then named as evidence by their ids. Shown again because nobody answered, they are shown once.
 */
export function useShowing(name: string, order: string, part: number, issue: string) {
  const subject = useRef<Said["subject"]>({ kind: "order", id: order, part });
  const files = useFiles(name, subject.current);
  const [error, setError] = useState<Problem>();
  const [busy, setBusy] = useState(false);

  /** The ids of what is shown, perhaps of nothing; undefined where it could not be shown. */
  const show = async (): Promise<string[] | undefined> => {
    setError(undefined);
    const evidence = idsOf(files);
    if (evidence.length === 0) return evidence;
    setBusy(true);
    try {
      const body = { subject: subject.current, issue, attachments: evidence };
      await answer(
        api.POST("/v1/help/contacts", { body, headers: once(keyOf(name, evidence.join())) }),
      );
      return evidence;
    } catch (found) {
      if (!(found instanceof Problem)) throw found;
      setError(found);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { files, show, busy, error };
}

/** The key of the message with these files: the same after a reload, too. */
function keyOf(name: string, ids: string): string {
  const known = readKept<Message | null>(`showing/${name}`, null);
  if (known?.ids === ids) return known.key;
  const message: Message = { ids, key: newKey() };
  keep(`showing/${name}`, message);
  return message.key;
}

function idsOf(files: Files): string[] {
  return files.picked.flatMap((one) => one.id ?? []);
}
