import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { newKey, once } from "../../../api/client";
import { Problem } from "../../../api/problems";
import { listAgain } from "../list/useMyList";

/**
 * Something done to a case. Tried again after a lost line it has the same key, so that it counts
 * once; after a no it is a new attempt.
 */
export function useAct<T>(act: (header: ReturnType<typeof once>) => Promise<T>, done: () => void) {
  const queries = useQueryClient();
  const key = useRef(newKey());
  return useMutation({
    mutationFn: () => act(once(key.current)),
    onSuccess: () => {
      key.current = newKey();
      listAgain(queries);
      void queries.invalidateQueries({ queryKey: ["desk", "me"] });
      void queries.invalidateQueries({ queryKey: ["desk", "order"] });
      done();
    },
    onError: (error) => {
      if (!(error instanceof Problem)) throw error;
      if (!error.passes) key.current = newKey();
    },
  });
}
