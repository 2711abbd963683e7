import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { EntryShape } from "../../api/schema";
import { keys } from "../asking";

/** What stands between the messages of a conversation; asked for again each
 * time that its `version` has moved on. What was found before stays until there is more. */
export function useEntries(conversation: string, version: number): EntryShape[] {
  const { data } = useQuery({
    queryKey: [...keys.entries(conversation), version],
    queryFn: async () => {
      const found: EntryShape[] = [];
      let after = 0;
      for (;;) {
        const params = { path: { conversation }, query: { after } };
        const page = await answer(
          api.GET("/v1/help/conversations/{conversation}/entries", { params }),
        );
        found.push(...page.items);
        if (!page.more) return found;
        after = page.upto;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [held, hold] = useState<EntryShape[]>([]);
  if (data && data !== held) hold(data);
  return data ?? held;
}

/** Whose people had the case when this version of the conversation was said. */
export function deskAt(entries: EntryShape[], one: number, version: number): string {
  const moved = entries.filter(
    (entry) =>
      entry.case === one &&
      entry.version <= version &&
      ["opened", "handed_over"].includes(entry.kind),
  );
  return moved.at(-1)?.to_desk ?? "";
}
