// A file as evidence about many: it is posted once in each of their cases, among the desks.
import { answer, api, authorization, newKey, once } from "../../api/client";
import { problemOf } from "../../api/problems";
import type { Item } from "./bulk";

/** The file's id by item; without those about which there is no case. Raises `Problem`. */
export async function showInCases(
  items: readonly Item[],
  file: File,
): Promise<ReadonlyMap<string, string>> {
  const shown = new Map<string, string>();
  for (const { key, of } of items) {
    if ("issue" in of || !of.conversation || !of.case) continue;
    const path = { consumer: of.consumer, conversation: of.conversation, case: of.case };
    const id = await brought(path.consumer, path.conversation, file);
    await answer(
      api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/messages", {
        params: { path, header: once(newKey()) },
        body: {
          audience: "desks",
          text: file.name.slice(0, 200),
          attachments: [id],
          to: null,
          card: null,
          mentions: [],
        },
      }),
    );
    shown.set(key, id);
  }
  return shown;
}

async function brought(consumer: string, conversation: string, file: File): Promise<string> {
  const query = new URLSearchParams({ name: file.name.slice(0, 200) });
  let response: Response | undefined;
  try {
    response = await fetch(`/v1/desk/cases/${consumer}/${conversation}/attachments?${query}`, {
      method: "POST",
      headers: { "Content-Type": file.type || "application/octet-stream", ...authorization() },
      body: file,
    });
  } catch {
    throw problemOf(undefined, undefined);
  }
  const body: unknown = await response.json();
  if (!response.ok) throw problemOf(body, response);
  return (body as { id: string }).id;
}
