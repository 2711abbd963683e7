import { useCallback, useRef } from "react";
import { api } from "../../api/client";

const AGAIN_MS = 10_000;

/** Lets whoever has the case know that there is more to come. It is a courtesy: that it could not be
 * said is no news. */
export function useTellWriting(conversation: string | undefined): (writing: boolean) => void {
  const last = useRef({ writing: false, at: 0 });
  return useCallback(
    (writing) => {
      const now = Date.now();
      const known = writing === last.current.writing && now - last.current.at < AGAIN_MS;
      if (!conversation || known || (!writing && !last.current.writing)) return;
      last.current = { writing, at: now };
      const params = { path: { conversation } };
      void api
        .POST("/v1/help/conversations/{conversation}/writing", { params, body: { writing } })
        .catch(() => {});
    },
    [conversation],
  );
}
