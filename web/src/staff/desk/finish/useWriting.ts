import type { once } from "../../../api/client";
import { useSession } from "../../session/session";
import { draftName, type Step, useDeskDraft } from "../composer/drafts";
import type { ActProps } from "./path";
import { useAct } from "./useAct";

/**
 * A step of the finish bar that says something: what is written survives as a draft does, until it
 * has arrived; then the panel closes. While it is under way nobody writes on, as that would not be
 * sent with it. `send` gets it without what is blank around it.
 */
export function useWriting<T>(
  { conversation, about, onClose }: ActProps,
  what: Step,
  send: (text: string, header: ReturnType<typeof once>) => Promise<T>,
) {
  const { agent } = useSession();
  const place = { conversation: conversation.id, case: about.number };
  const [{ text: written }, change] = useDeskDraft(draftName(agent, place, what));
  const write = (text: string) => change({ text });
  const text = written.trim();
  const acting = useAct(
    (header) => send(text, header),
    () => {
      write("");
      onClose();
    },
  );
  const field = { written, write, readOnly: acting.isPending };
  return { field, acting, ready: text !== "" };
}
