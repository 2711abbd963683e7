import { useState } from "react";
import { authorization, noticed } from "../../../api/client";
import { Problem, problemOf } from "../../../api/problems";
import type { AttachmentShape } from "../../../api/schema";
import { draftOf } from "./drafts";

/** Brings files for a message; each that has arrived is in the draft. */
export function useUploads(
  consumer: string,
  conversation: string,
  name: string,
  change: (changed: { files: readonly AttachmentShape[] }) => void,
) {
  const [under, setUnder] = useState(0);
  const [error, setError] = useState<Problem | null>(null);
  const bring = async (files: readonly File[]) => {
    setError(null);
    for (const file of files) {
      setUnder((count) => count + 1);
      try {
        const kept = await upload(consumer, conversation, file);
        change({ files: [...draftOf(name).files, kept] });
      } catch (failure) {
        if (!(failure instanceof Problem)) throw failure;
        setError(failure);
      } finally {
        setUnder((count) => count - 1);
      }
    }
  };
  return { bring, uploading: under > 0, error };
}

async function upload(
  consumer: string,
  conversation: string,
  file: File,
): Promise<AttachmentShape> {
  const query = new URLSearchParams({ name: file.name.slice(0, 200) });
  let response: Response;
  try {
    response = await fetch(`/v1/desk/cases/${consumer}/${conversation}/attachments?${query}`, {
      method: "POST",
      headers: {
        "Content-Type": file.type || "application/octet-stream",
        ...authorization(),
      },
      body: file,
    });
  } catch {
    throw problemOf(undefined, undefined);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw noticed(problemOf(body, response));
  return body as AttachmentShape;
}
