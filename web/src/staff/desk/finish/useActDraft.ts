import type { ConversationShape } from "../../../api/schema";
import { useDraft } from "../../../shared/drafts";
import { useSession } from "../../session/session";
import type { Case } from "../case/openCase";
import { draftName } from "../composer/drafts";

/** What is being written for a step of the finish bar; it survives whatever a draft does. */
export function useActDraft(
  conversation: ConversationShape,
  about: Case,
  what: "ask" | "refer" | "line" | "referral" | "call",
) {
  const { agent } = useSession();
  return useDraft(draftName(agent, { conversation: conversation.id, case: about.number }, what));
}
