import { useState } from "react";
import type { HelpCase } from "../../api/schema";
import { ratingReason } from "../../shared/ratingReasons";
import { useLanguage, useWords } from "../../shared/words";
import { ProblemLine } from "../parts/Asked";
import { Button } from "../parts/Button";
import { RatingForm } from "./RatingForm";
import { words } from "./ratingWords";
import { useRate } from "./useRate";
import { words as talkWords } from "./words";

/** How the consumer found the service, once it is over: asked calmly, and changed if they like.
 * Whoever says that it is not solved is shown the way on. */
export function Rating({
  conversation,
  one,
  confirmed,
  busy,
  onNotYet,
}: {
  conversation: string;
  one: HelpCase;
  confirmed: boolean;
  busy: boolean;
  onNotYet: () => void;
}) {
  const said = useWords(words);
  const talk = useWords(talkWords);
  const { language } = useLanguage();
  const [changing, setChanging] = useState(false);
  const rate = useRate(conversation, one.number);
  const { rating, rates } = one;
  const problem = rate.error && <ProblemLine error={rate.error} />;
  // Only a form that was open when it was sent closes: by then they may have opened it anew.
  const form = (
    <RatingForm
      before={rating}
      busy={rate.isPending}
      onSend={(chosen) => rate.mutate(chosen, { onSuccess: () => changing && setChanging(false) })}
    />
  );
  if (!rating) {
    if (!rates) return null;
    return (
      <details className="aside" open={confirmed}>
        <summary>{said.rate}</summary>
        {form}
        {problem}
      </details>
    );
  }
  const reasons = rating.reasons ?? [];
  const unsolved = one.status === "resolved" && reasons.includes("not_solved");
  return (
    <div className="rating">
      <span>
        {said.rated(said[`star${rating.score}` as "star1"])}
        {reasons.map((reason) => ` · ${ratingReason(reason, language)}`)}
      </span>
      {unsolved && <span>{said.goOn}</span>}
      {unsolved && confirmed && (
        <Button kind="main" busy={busy} onClick={onNotYet}>
          {talk.notYet}
        </Button>
      )}
      {changing && form}
      {problem}
      {rates && (
        <Button kind="quiet" onClick={() => setChanging(!changing)}>
          {changing ? said.keep : said.change}
        </Button>
      )}
    </div>
  );
}
