import type { HelpCase } from "../../api/schema";
import { exactly, time } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { words } from "./words";

/** The wait that ends first: who answers by when, and what happens otherwise. */
export function WaitStrip({ cases }: { cases: HelpCase[] }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const [first] = cases
    .filter((one) => one.status !== "closed" && one.status !== "resolved")
    .flatMap((one) => {
      const until = one.reply_by ?? one.answer_by;
      return until ? [{ one, until }] : [];
    })
    .sort((left, right) => left.until.localeCompare(right.until));
  if (!first) return null;
  const { one, until } = first;
  const who = { merchant: said.theShop, platform: said.thePlatform, creator: said.theCreator }[
    one.held_by ?? "platform"
  ];
  return (
    <p className="strip wait" role="status" title={exactly(until, language)}>
      {one.reply_by
        ? said.weAsked(time(until, language))
        : said.answersBy(who, time(until, language))}
      {!one.reply_by && one.held_by !== "platform" && ` ${said.else}`}
    </p>
  );
}
