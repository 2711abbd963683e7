import { useWords } from "../../../shared/words";
import { useDeskNames } from "../../names/useDeskNames";
import { words } from "./words";

/** Whom an article is for: what these desks are called, or all desks of a kind. */
export function useDeskWords(desks: readonly string[]): (desk: string) => string {
  const said = useWords(words);
  const name = useDeskNames(desks);
  return (desk) => {
    if (desk === "merchant") return said.all_merchant;
    return desk === "creator" ? said.all_creator : name(desk);
  };
}
