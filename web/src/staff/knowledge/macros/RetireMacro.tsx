import { useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { answer, api } from "../../../api/client";
import type { MacroShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { Confirm } from "../../admin/common/Confirm";
import { useUndo } from "../../admin/common/undo";
import { words } from "./words";

/** Lets a macro be offered no more; written again as it was, it is back. */
export function RetireMacro({ found }: { found: MacroShape }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const tell = useUndo();
  const [, go] = useLocation();
  const path = { macro: found.id };
  const { desk, macro } = found;
  // Retiring makes the next version of it.
  const seen = found.version + 1;
  const retire = async () => {
    await answer(api.POST("/v1/desk/macros/{macro}/retirement", { params: { path } }));
    tell(said.retiredNow, () =>
      answer(api.PUT("/v1/desk/macros/{macro}", { params: { path }, body: { seen, desk, macro } })),
    );
    go(`/knowledge/macros?desk=${encodeURIComponent(desk)}`);
    await queries.invalidateQueries({ queryKey: ["desk", "macros"] });
  };
  return (
    <Confirm label={said.retire} consequence={said.retireWhat} act={retire} variant="default" />
  );
}
