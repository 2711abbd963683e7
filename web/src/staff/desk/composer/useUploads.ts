import { useState } from "react";
import { Problem } from "../../../api/problems";
import type { AttachmentShape } from "../../../api/schema";
import { draftOf } from "./drafts";
import { upload } from "./uploading";

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
