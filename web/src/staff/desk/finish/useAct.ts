import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { newKey, once } from "../../../api/client";
import { Problem } from "../../../api/problems";
import { answered, keyOf } from "../../../shared/attempt";
import { useSession } from "../../session/session";
import { useAddress } from "../address";
import { haveLeft } from "../composer/leaving";
import { previewAgain } from "../context/usePreview";
import { listAgain } from "../list/useMyList";
import { viewsAgain } from "../list/usePaged";

const CANCELLED = "cancelled";

/** What is done by it, where doing it twice would give twice: `name` says of what. */
type Given = { name: string; what: unknown };

/**
 * Something done to a case. Tried again after a lost line it has the same key, so that it counts
 * once; after a no it is a new attempt. What was said before in this conversation arrives before it;
 * where that did not, nothing is done; nor where it is cancelled meanwhile. What is `given` has the
 * same key in another panel, too.
 */
export function useAct<T>(
  act: (header: ReturnType<typeof once>) => Promise<T>,
  done: () => void,
  given?: Given,
) {
  const queries = useQueryClient();
  const { agent } = useSession();
  const here = useAddress()?.conversation;
  const key = useRef(newKey());
  const cancelled = useRef(false);
  const renew = () => {
    key.current = newKey();
    if (given) answered(given.name);
  };
  const acting = useMutation({
    mutationFn: async () => {
      cancelled.current = false;
      if (here) await haveLeft(here, agent);
      if (cancelled.current) throw new Problem(CANCELLED, 409, "", "", 0);
      try {
        return await act(once(given ? keyOf(given.name, given.what) : key.current));
      } catch (error) {
        if (error instanceof Problem && error.refuses) renew();
        throw error;
      }
    },
    onSuccess: () => {
      renew();
      listAgain(queries);
      viewsAgain(queries);
      void queries.invalidateQueries({ queryKey: ["desk", "me"] });
      void queries.invalidateQueries({ queryKey: ["desk", "order"] });
      done();
    },
    onError: (error) => {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "amount_changed") previewAgain(queries);
    },
  });
  const cancel = () => {
    cancelled.current = true;
  };
  return { ...acting, cancel };
}
