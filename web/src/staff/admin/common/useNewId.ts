import { useCallback, useState } from "react";
import { newKey } from "../../../api/client";
import { Problem } from "../../../api/problems";

/** Makes something under a new id: the same for each try until one was answered, also after its
 * dialog was closed meanwhile, so that it is made once. */
export function useNewId() {
  const [id, setId] = useState(newKey);
  return useCallback(
    async (make: (id: string) => Promise<unknown>) => {
      try {
        await make(id);
      } catch (error) {
        // After a no it is a new attempt.
        if (error instanceof Problem && error.refuses) setId(newKey());
        throw error;
      }
      setId(newKey());
    },
    [id],
  );
}
