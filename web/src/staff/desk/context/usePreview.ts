import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type { ChoiceShape, WishShape } from "../../../api/schema";

/** What a choice would come to, to the last unit; nothing changes by asking. */
export function previewQuery(
  consumer: string,
  order: string,
  version: number,
  part: number,
  choice: ChoiceShape,
) {
  return queryOptions({
    queryKey: ["desk", "preview", order, version, part, choice.kind, choice.reason],
    enabled: !choice.needs,
    queryFn: () =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/preview", {
          params: { path: { consumer, order } },
          body: wishOf(part, choice),
        }),
      ),
    staleTime: 30_000,
  });
}

/** What was shown is not so any more: the order is asked for again, and what all of it comes to. */
export function previewAgain(queries: QueryClient): void {
  for (const what of ["order", "preview", "goodwill", "offer"]) {
    void queries.invalidateQueries({ queryKey: ["desk", what] });
  }
}

export function wishOf(
  part: number,
  { kind, reason }: Pick<ChoiceShape, "kind" | "reason">,
): WishShape {
  return {
    ...{ kind, reason, part, lines: [], replacements: [] },
    ...{ amount_minor: null, currency: null, method: "", opened: false },
  };
}
