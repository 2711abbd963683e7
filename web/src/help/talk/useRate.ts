import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { answer, api, newKey, once } from "../../api/client";
import type { Rated } from "../../api/schema";
import { keys } from "../asking";

/** Sends a rating; what was not heard is sent again under the same key, something else is not. */
export function useRate(conversation: string, number: number) {
  const queries = useQueryClient();
  const key = useRef<{ said: string; key: string }>(undefined);
  return useMutation({
    mutationFn: (rated: Rated) => {
      const said = JSON.stringify(rated);
      if (key.current?.said !== said) key.current = { said, key: newKey() };
      return answer(
        api.POST("/v1/help/conversations/{conversation}/cases/{case}/rating", {
          params: { path: { conversation, case: number } },
          headers: once(key.current.key),
          body: rated,
        }),
      );
    },
    onSuccess: async () => {
      key.current = undefined;
      await queries.invalidateQueries({ queryKey: keys.conversation(conversation) });
    },
  });
}
