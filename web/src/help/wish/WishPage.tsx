import { useState } from "react";
import { Problem } from "../../api/problems";
import type { ChoicesShape, OrderShape, PartShape } from "../../api/schema";
import { useLanguage, useWords } from "../../shared/words";
import { useChoices, useOrder } from "../asking";
import { NothingHere } from "../NothingHere";
import { doing } from "../order/doing";
import { PersonLink } from "../order/PersonLink";
import { kindsFor } from "../order/reasons";
import { words } from "../order/words";
import { Asked } from "../parts/Asked";
import { Page } from "../parts/Page";
import { paths } from "../paths";
import { reasonWord } from "../remedies/reasonWords";
import { Answer } from "./Answer";
import type { Wish } from "./useWish";

/** The answer to one reason: what there is, exactly what it comes to, and the button that does it. */
export function WishPage({ order, part, reason }: { order: string; part: number; reason: string }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const bought = useOrder(order);
  const choices = useChoices(order, part);
  const error = bought.error ?? choices.error;
  if (!bought.data && error instanceof Problem && [404, 422].includes(error.status)) {
    return <NothingHere />;
  }
  return (
    <Page title={reasonWord(reason, language) ?? said.preview} back={paths.order(order)}>
      <Asked query={bought}>
        {(found) => (
          <Asked query={choices}>
            {(possible) => {
              const one = found.parts?.find((each) => each.number === part);
              if (!one) return <p>{said.notPossiblePlain}</p>;
              return <Ways order={found} part={one} reason={reason} possible={possible} />;
            }}
          </Asked>
        )}
      </Asked>
      <PersonLink order={order} part={part} />
    </Page>
  );
}

function Ways({
  order,
  part,
  reason,
  possible,
}: {
  order: OrderShape;
  part: PartShape;
  reason: string;
  possible: ChoicesShape;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const ways = kindsFor(possible.choices, reason);
  // Until something is chosen it is the first of what is possible now.
  const [chosen, choose] = useState<Partial<Wish>>({});
  const wish: Wish = {
    kind: ways[0]?.kind ?? (possible.stage === "unshipped" ? "cancel" : "return_and_refund"),
    reason,
    part: part.number,
    ...chosen,
  };
  return (
    <>
      {ways.length > 1 && (
        <fieldset className="chips">
          <legend>{said.ways}</legend>
          {ways.map(({ kind }) => (
            <button
              key={kind}
              type="button"
              className="chip"
              aria-pressed={wish.kind === kind}
              onClick={() => choose({ ...wish, kind })}
            >
              {doing(kind, possible.stage, language)}
            </button>
          ))}
        </fieldset>
      )}
      <Answer order={order} part={part} stage={possible.stage} wish={wish} onWish={choose} />
    </>
  );
}
