import { useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type { ArticleShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { Confirm } from "../../admin/common/Confirm";
import { useUndo } from "../../admin/common/undo";
import { words } from "./words";

/** Lets an article be found no more; what it says is written again to bring it back. */
export function Retire({ found }: { found: ArticleShape }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const tell = useUndo();
  const path = { article: found.id };
  const retire = async () => {
    await answer(api.POST("/v1/desk/articles/{article}/retirement", { params: { path } }));
    tell(said.retiredNow, () =>
      answer(
        api.PUT("/v1/desk/articles/{article}", {
          params: { path },
          // Retiring made the next version of it.
          body: { seen: found.version + 1, article: found.article },
        }),
      ),
    );
    await queries.invalidateQueries({ queryKey: ["desk", "articles"] });
  };
  return (
    <Confirm label={said.retire} consequence={said.retireWhat} act={retire} variant="default" />
  );
}
