import type { HelpCase } from "../../api/schema";
import { exactly, time } from "../../shared/format";
import { type Language, spoken, useLanguage } from "../../shared/words";
import { deskAtStart } from "./issueWords";
import { words } from "./words";

type Wait = { text: string; until: string };

/** The wait that ends first: who answers by when, and what happens otherwise. */
export function WaitStrip({ cases }: { cases: HelpCase[] }) {
  const { language } = useLanguage();
  const [first] = cases
    .flatMap((one) => waitOf(one, language) ?? [])
    .sort((one, other) => one.until.localeCompare(other.until));
  if (!first) return null;
  return (
    <p className="strip wait" role="status" title={exactly(first.until, language)}>
      {first.text}
    </p>
  );
}

function waitOf(one: HelpCase, language: Language): Wait | undefined {
  const said = spoken(words, language);
  if (one.status === "closed" || one.status === "resolved") return undefined;
  if (one.reply_by) {
    return { text: said.weAsked(time(one.reply_by, language)), until: one.reply_by };
  }
  if (!one.answer_by) return undefined;
  const who = deskAtStart(one.held_by ?? "platform", one.held_by_name, language);
  const then = { decided: said.elseDecided, taken_over: said.elseTaken }[
    one.next?.then as "decided" | "taken_over"
  ];
  // Where silence has a consequence, its moment is the one to know.
  const until = then && one.next ? one.next.at : one.answer_by;
  const text = said.answersBy(who, time(until, language));
  return { text: then ? `${text} ${then}` : text, until };
}
