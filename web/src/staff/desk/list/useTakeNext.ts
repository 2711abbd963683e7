import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { answer, api, newKey, once } from "../../../api/client";
import { Problem } from "../../../api/problems";
import { useLanguage, useWords } from "../../../shared/words";
import { problemWords } from "../../shell/problemWords";
import { useGo } from "../address";
import { ME } from "./PresenceSwitch";
import { listAgain } from "./useMyList";
import { words } from "./words";

/** After so long nobody who asks for the next means the one whose answer was lost. */
const MEANT_MS = 5 * 60_000;

/** Takes what dispatch would bring next, and opens it. */
export function useTakeNext() {
  const said = useWords(words);
  const { language } = useLanguage();
  const go = useGo();
  const queries = useQueryClient();
  // The same until it was answered: asked for again, a lost answer brings the case that it named.
  const key = useRef(newKey());
  const askedAt = useRef(0);
  const taking = useMutation({
    mutationFn: () => {
      const now = Date.now();
      if (now - askedAt.current > MEANT_MS) key.current = newKey();
      askedAt.current = now;
      return answer(api.POST("/v1/desk/next", { headers: once(key.current) }));
    },
    onSuccess: ({ consumer, conversation, case: number }) => {
      key.current = newKey();
      if (consumer && conversation && number) go({ consumer, conversation, case: number });
      else notifications.show({ message: said.nothingWaits });
    },
    onError: (error) => {
      if (!(error instanceof Problem)) throw error;
      if (error.refuses) key.current = newKey();
      notifications.show({ color: "red", message: problemWords(error, language) });
    },
    onSettled: () => {
      listAgain(queries);
      void queries.invalidateQueries({ queryKey: ME.queryKey });
    },
  });
  return { take: () => !taking.isPending && taking.mutate(), taking: taking.isPending };
}
