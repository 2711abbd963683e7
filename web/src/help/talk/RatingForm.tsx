import { useId, useState } from "react";
import type { Rated, RatingShape } from "../../api/schema";
import { type RatingReason, ratingReason } from "../../shared/ratingReasons";
import { useLanguage, useWords } from "../../shared/words";
import { Button } from "../parts/Button";
import { words } from "./ratingWords";

const SCORES = [1, 2, 3, 4, 5] as const;
const REASONS_MAX = 3;
const GOOD: RatingReason[] = ["quick", "kind", "clear", "solved"];
const BAD: RatingReason[] = ["slow", "unkind", "unclear", "had_to_repeat", "not_solved"];

/** One to five stars, and why: what was good of a good one, what was not of a bad one. */
export function RatingForm({
  before,
  busy,
  onSend,
}: {
  before: RatingShape | null | undefined;
  busy: boolean;
  onSend: (rated: Rated) => void;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const name = useId();
  const [score, setScore] = useState(before?.score ?? 0);
  const [reasons, setReasons] = useState<RatingReason[]>(before?.reasons ?? []);
  const fitting = score === 3 ? [...GOOD, ...BAD] : score > 3 ? GOOD : BAD;
  const chosen = reasons.filter((one) => fitting.includes(one));
  return (
    <form
      className="rating"
      onSubmit={(event) => {
        event.preventDefault();
        onSend({ score, reasons: chosen });
      }}
    >
      <fieldset className="stars">
        <legend>{said.how}</legend>
        {SCORES.map((one) => (
          <label key={one} className={one <= score ? "star star-on" : "star"}>
            <input
              type="radio"
              name={name}
              checked={one === score}
              onChange={() => setScore(one)}
              aria-label={said[`star${one}`]}
            />
            <span aria-hidden="true">{one <= score ? "★" : "☆"}</span>
          </label>
        ))}
      </fieldset>
      {score > 0 && (
        <>
          <span className="quiet">{said[`star${score}` as "star1"]}</span>
          <fieldset className="chips">
            <legend>{said.why}</legend>
            {fitting.map((one) => {
              const on = chosen.includes(one);
              return (
                <button
                  key={one}
                  type="button"
                  className="chip"
                  aria-pressed={on}
                  disabled={!on && chosen.length === REASONS_MAX}
                  onClick={() =>
                    setReasons(on ? chosen.filter((other) => other !== one) : [...chosen, one])
                  }
                >
                  {ratingReason(one, language)}
                </button>
              );
            })}
          </fieldset>
          <Button type="submit" kind="main" busy={busy}>
            {said.send}
          </Button>
        </>
      )}
    </form>
  );
}
