import { day } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { useCode } from "../home/codes";
import { useDeskNames } from "../names/useDeskNames";
import { type By, deskOf } from "./figures";
import { words } from "./words";

const DIGITS = 8;

/** What groups are called: a day as people write it, a desk or a party by its name,
 * an agent without one by the beginning of the id. */
export function useGroupNames(groups: readonly string[], by: By): (group: string) => string {
  const said = useWords(words);
  const code = useCode();
  const { language } = useLanguage();
  const deskName = useDeskNames(groups.map((group) => deskOf(group, by)));
  return (group) => {
    if (group === "") return said.nobody;
    if (by === "day") return day(`${group}T12:00:00`, language);
    if (by === "agent") return group.slice(0, DIGITS);
    const desk = deskOf(group, by);
    return desk ? deskName(desk) : code(group);
  };
}
