// A file as evidence about many: it is posted once in each of their cases, among the desks.
import { answer, api, once } from "../../api/client";
import { upload } from "../desk/composer/uploading";
import type { Item } from "./bulk";

/** How far the file has come in an item's case: its id there, and whether it stands in the case. */
export type Shown = { id: string; posted: boolean };

/**
 * Posts the file in the case of each item where it does not stand yet; those about which there is
 * no case are left out. `shown`, by item, is filled as each succeeds, so that after a failure the
 * others go on from there. Raises `Problem`.
 */
export async function showInCases(
  items: readonly Item[],
  file: File,
  shown: Map<string, Shown>,
): Promise<void> {
  for (const { key, of } of items) {
    if ("issue" in of || !of.conversation || !of.case || shown.get(key)?.posted) continue;
    const path = { consumer: of.consumer, conversation: of.conversation, case: of.case };
    const id = shown.get(key)?.id ?? (await upload(path.consumer, path.conversation, file)).id;
    shown.set(key, { id, posted: false });
    await answer(
      api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/messages", {
        // The same file in the same case is the same message, however often it is tried.
        params: { path, header: once(`${key}/${id}`) },
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
    shown.set(key, { id, posted: true });
  }
}
