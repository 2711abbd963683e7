import type { once } from "../../../api/client";
import { answered } from "../../../shared/attempt";
import { useSession } from "../../session/session";
import { draftName, type Step, useDeskDraft } from "../composer/drafts";
import type { ActProps } from "./path";
import { useAct } from "./useAct";

/**
 * A step of the finish bar that says something: what is written survives as a draft does, until it
 * has arrived; then the panel closes. While it is under way nobody writes on, as that would not be
 * sent with it. `send` gets it without what is blank around it. Where nothing else stops it from being
 * said twice, `besides` is what it says besides the text: until it is answered, the same counts once,
 * after a reload, too.
 */
export function useWriting<T>(
  { conversation, about, onClose }: ActProps,
  what: Step,
  send: (text: string, header: ReturnType<typeof once>) => Promise<T>,
  besides?: unknown,
) {
  const { agent } = useSession();
  const place = { conversation: conversation.id, case: about.number };
  const name = draftName(agent, place, what);
  const [{ text: written }, change] = useDeskDraft(name);
  const write = (text: string) => {
    // What is written from the beginning is something new.
    if (text === "") answered(name);
    change({ text });
  };
  const text = written.trim();
  const acting = useAct(
    (header) => send(text, header),
    () => {
      write("");
      onClose();
    },
    besides === undefined ? undefined : { name, what: [text, besides] },
  );
  const field = { written, write, readOnly: acting.isPending };
  return { field, acting, ready: text !== "" };
}
