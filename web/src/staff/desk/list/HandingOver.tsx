import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { DeskLists } from "../../../api/schema";
import { time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { hrefOf, keyOf } from "../address";
import { useCode } from "../useCode";
import { ME } from "./PresenceSwitch";
import { useShiftEnd } from "./useShiftEnd";
import { lineWords, words } from "./words";

/** Soon before a shift's end: the cases that would go back to the queue without a line. */
export function HandingOver({ lists }: { lists: DeskLists | undefined }) {
  const said = { ...useWords(words), ...useWords(lineWords) };
  const { language } = useLanguage();
  const code = useCode();
  const { data: me } = useQuery(ME);
  const endsAt = useShiftEnd();
  const unsaid = (me?.held ?? []).filter((one) => !one.leaving && !one.note);
  if (!endsAt || unsaid.length === 0) return null;
  const rows = lists ? [...lists.mine, ...lists.follow_ups, ...lists.waiting] : [];
  return (
    <section className="handing-over" aria-label={said.lines}>
      <Text size="xs">{said.ends(time(endsAt, language))}</Text>
      <ul>
        {unsaid.map((one) => {
          const row = rows.find((it) => keyOf(it) === keyOf(one));
          return (
            <li key={keyOf(one)}>
              <Link href={hrefOf(one)}>
                {row ? (
                  <>
                    <bdi>{row.name || said.unnamed}</bdi> · {code(row.issue)}
                  </>
                ) : (
                  said.numbered(one.case)
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
