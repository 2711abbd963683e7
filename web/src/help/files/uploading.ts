import { authorization, noticed } from "../../api/client";
import { Problem, problemOf } from "../../api/problems";
import type { AttachmentShape, HelpSession, Said } from "../../api/schema";

type Limits = HelpSession["uploads"];

const NAME_MAX = 200;

/** How large a file of this kind may be, in bytes. */
export function bytesMax(file: File, limits: Limits): number {
  if (file.type.startsWith("image/")) return limits.image_bytes_max;
  if (file.type.startsWith("video/")) return limits.video_bytes_max;
  return limits.document_bytes_max;
}

/**
 * Brings a file for a message about `subject`; `onProgress` hears the share that has gone out.
 * Raises `Problem`. By the old way of asking, as no other tells how far an upload is.
 */
export function upload(
  file: File,
  subject: Said["subject"],
  onProgress: (share: number) => void,
  stop: AbortSignal,
): Promise<AttachmentShape> {
  const query = new URLSearchParams({ kind: subject.kind, name: file.name.slice(0, NAME_MAX) });
  if (subject.id) query.set("subject", subject.id);
  if (subject.part) query.set("part", String(subject.part));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/v1/help/attachments?${query}`);
    for (const [name, value] of Object.entries(authorization())) {
      request.setRequestHeader(name, value);
    }
    // What the browser takes it for is its name's ending: a WebP is often called `.jpg`.
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => {
      const { status, response } = request;
      // It is null where it is not the service's own, such as a proxy's page.
      if (status === 200 && response) return resolve(response as AttachmentShape);
      if (status === 200) return reject(problemOf(undefined, undefined));
      reject(noticed(problemOf(response, new Response(null, { status }))));
    };
    request.onerror = () => reject(problemOf(undefined, undefined));
    request.onabort = () => reject(new Problem("stopped", 0, "", "", 0));
    stop.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
