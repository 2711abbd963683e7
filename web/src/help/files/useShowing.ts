import { useRef, useState } from "react";
import { answer, api, once } from "../../api/client";
import { Problem } from "../../api/problems";
import type { RemedyShape, Said } from "../../api/schema";
import { keyOf } from "../../shared/attempt";
import { FILE_GONE, type Files, useFiles } from "./useFiles";

/**
 * Files that are shown in the conversation first, so that whoever decides can look at them, and are
 * then named as evidence by their ids. Shown again because nobody answered, they are shown once.
 */
export function useShowing(name: string, order: string, remedy: RemedyShape) {
  const part = remedy.lines[0]?.part ?? 1;
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
      // It belongs to what was asked for, and claims nothing more.
      const to = remedy.case === undefined ? {} : { case: remedy.case };
      const issue = "order_question";
      const body = { subject: subject.current, issue, attachments: evidence, ...to };
      await answer(
        api.POST("/v1/help/contacts", { body, headers: once(keyOf(`showing/${name}`, evidence)) }),
      );
      return evidence;
    } catch (found) {
      if (!(found instanceof Problem)) throw found;
      if (found.code === FILE_GONE) files.expire();
      setError(found);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { files, show, busy, error };
}

function idsOf(files: Files): string[] {
  return files.picked.flatMap((one) => one.id ?? []);
}
