import { useWords } from "../../../shared/words";
import { useDeskName } from "../../admin/common/desks";
import { words } from "./words";

/** Whom an article is for, in a few words. */
export function useDesksWord(): (desks: readonly string[]) => string {
  const one = useDeskWord();
  const said = useWords(words);
  return (desks) => (desks.length === 0 ? said.everybody : desks.map(one).join(", "));
}

/** One desk, or all desks of a kind. */
export function useDeskWord(): (desk: string) => string {
  const said = useWords(words);
  const name = useDeskName();
  return (desk) => {
    if (desk === "merchant") return said.all_merchant;
    return desk === "creator" ? said.all_creator : name(desk);
  };
}
