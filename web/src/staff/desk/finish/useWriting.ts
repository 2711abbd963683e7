import type { once } from "../../../api/client";
import { useDraft } from "../../../shared/drafts";
import { useSession } from "../../session/session";
import { draftName } from "../composer/drafts";
import type { ActProps } from "./path";
import { useAct } from "./useAct";

/**
 * A step of the finish bar that says something: what is written survives as a draft does, until it
 * has arrived; then the panel closes. `send` gets it without what is blank around it.
 */
export function useWriting<T>(
  { conversation, about, onClose }: ActProps,
  what: "ask" | "refer" | "line" | "referral" | "call",
  send: (text: string, header: ReturnType<typeof once>) => Promise<T>,
) {
  const { agent } = useSession();
  const place = { conversation: conversation.id, case: about.number };
  const [written, write] = useDraft(draftName(agent, place, what));
  const text = written.trim();
  const acting = useAct(
    (header) => send(text, header),
    () => {
      write("");
      onClose();
    },
  );
  return { written, write, acting, ready: text !== "" };
}
