import { authorization, noticed } from "../../../api/client";
import { problemOf } from "../../../api/problems";
import type { AttachmentShape } from "../../../api/schema";

const NAME_MAX = 200;

/** Brings a file for a message of this conversation. Raises `Problem`, also where what answers is
 * none of the service's own, such as a proxy's page. */
export async function upload(
  consumer: string,
  conversation: string,
  file: File,
): Promise<AttachmentShape> {
  const query = new URLSearchParams({ name: file.name.slice(0, NAME_MAX) });
  let response: Response;
  try {
    response = await fetch(`/v1/desk/cases/${consumer}/${conversation}/attachments?${query}`, {
      method: "POST",
      // What the browser takes it for is its name's ending: a WebP is often called `.jpg`.
      headers: { "Content-Type": "application/octet-stream", ...authorization() },
      body: file,
    });
  } catch {
    throw problemOf(undefined, undefined);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw noticed(problemOf(body, response));
  if (body === undefined) throw problemOf(undefined, undefined);
  return body as AttachmentShape;
}
