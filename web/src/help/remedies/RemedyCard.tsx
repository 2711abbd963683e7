import { useEffect, useRef, useState } from "react";
import type { JourneyShape, RemediesShape, RemedyShape } from "../../api/schema";
import { moment } from "../../shared/format";
import { isolated } from "../../shared/plainText";
import { useLanguage, useWords } from "../../shared/words";
import { useOrder } from "../asking";
import { words as orderWords } from "../order/words";
import { ProblemLine } from "../parts/Asked";
import { Button } from "../parts/Button";
import { Evidence } from "./Evidence";
import { RemedyTimeline } from "./RemedyTimeline";
import { SendBack } from "./SendBack";
import { due, fullSentenceOf, named } from "./sentence";
import { type Tap, useTap } from "./useTap";
import { words } from "./words";

const NOT_AGREED = "not_agreed";
const OUT: JourneyShape["out"][] = ["under_way", "arrived"];
const COMES_BACK: RemedyShape["kind"][] = ["return_and_refund", "exchange", "repair"];

/** A remedy: where it stands in one sentence, what can be said of it now, and how it came there. */
export function RemedyCard({ remedies, remedy }: { remedies: RemediesShape; remedy: RemedyShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const tap = useTap(remedies.order, remedy.number);
  // Whoever is told no is told why at once.
  const [opened, setOpen] = useState<boolean>();
  const open = opened ?? remedy.status === "refused";
  const { currency, order } = remedies;
  const until = due(remedy, "objection", "closing");
  const taps = tapsOf(remedy);
  const [leaving, setLeaving] = useState(false);
  const withdraws = leaving && taps.some(({ word }) => word === "withdraw");
  return (
    <section className="card remedy" aria-label={named(remedy, currency, language)}>
      <span>{fullSentenceOf(remedy, currency, language)}</span>
      <Items order={order} remedy={remedy} />
      {remedy.human && isAsked(remedy) && <span className="quiet">{said.personDecides}</span>}
      {objectionOf(remedy) && until && (
        <span className="quiet">{said.until(moment(until, language))}</span>
      )}
      {remedy.status === "waiting_for_return" && remedy.journey?.back !== "intercepting" && (
        <SendBack order={order} remedy={remedy} tap={tap} />
      )}
      {remedy.dispute?.due_at && <Evidence order={order} remedy={remedy} tap={tap} />}
      {withdraws && (
        <Withdrawing
          remedy={remedy}
          busy={tap.isPending}
          onSure={() => tap.mutate({ what: "withdrawal" })}
          onKeep={() => setLeaving(false)}
        />
      )}
      {taps.length > 0 && !withdraws && (
        <span className="answers">
          {taps.map(({ word, tap: one }, place) => (
            <Button
              key={word}
              kind={place === 0 && word === "take" ? "main" : "plain"}
              busy={tap.isPending}
              onClick={() => (word === "withdraw" ? setLeaving(true) : tap.mutate(one))}
            >
              {said[word]}
            </Button>
          ))}
        </span>
      )}
      {tap.error && <ProblemLine error={tap.error} />}
      <details
        className="aside"
        open={open}
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary>{said.details}</summary>
        {open && <RemedyTimeline order={order} remedy={remedy} />}
      </details>
    </section>
  );
}

/** Which of the goods it is about. */
function Items({ order, remedy }: { order: string; remedy: RemedyShape }) {
  const said = useWords(orderWords);
  const { data } = useOrder(order);
  const lines = remedy.lines.flatMap(({ part, item, quantity }) => {
    const found = data?.parts?.find(({ number }) => number === part)?.items[item - 1];
    const title = isolated(found?.title ?? said.item);
    return found ? [quantity > 1 ? `${title} ${said.times(quantity)}` : title] : [];
  });
  return lines.length > 0 && <span className="quiet">{lines.join(" · ")}</span>;
}

/** Asked once more: what it means to take the request back. */
function Withdrawing({
  remedy,
  busy,
  onSure,
  onKeep,
}: {
  remedy: RemedyShape;
  busy: boolean;
  onSure: () => void;
  onKeep: () => void;
}) {
  const said = useWords(words);
  const asked = useRef<HTMLSpanElement>(null);
  // What asked for it has gone; a second Enter right after the first shall not withdraw anything.
  useEffect(() => asked.current?.focus(), []);
  return (
    <span className="answers" role="alert" ref={asked} tabIndex={-1}>
      <span>{COMES_BACK.includes(remedy.kind) ? said.withdrawBack : said.withdrawPlain}</span>
      <Button busy={busy} onClick={onSure}>
        {said.withdraw}
      </Button>
      <Button kind="quiet" onClick={onKeep}>
        {said.keep}
      </Button>
    </span>
  );
}

type Offer = {
  word:
    | ("take" | "decline" | "person" | "withdraw" | "object" | "objectAgain")
    | ("reopen" | "takeBack" | "toBalance");
  tap: Tap;
};

/** What can be said of it as it stands. The service has the last word on each. */
function tapsOf(remedy: RemedyShape): Offer[] {
  const objection = objectionOf(remedy);
  const offers: (Offer | false)[] = [
    ...(remedy.counter_offer
      ? ([
          { word: "take", tap: { what: "acceptance" } },
          { word: "decline", tap: { what: "declining" } },
        ] as const)
      : []),
    objection ?? false,
    remedy.status === "refused" &&
      atMerchant(remedy) &&
      !remedy.journey?.their_own && { word: "takeBack", tap: { what: "taking-back" } },
    remedy.status === "withdrawn" &&
      remedy.journey?.back === "missed" &&
      !remedy.journey.reopened && { word: "reopen", tap: { what: "return-reopening" } },
    due(remedy, "route") !== undefined && {
      word: "toBalance",
      tap: { what: "route", method: "balance" },
    },
    isAsked(remedy) && !remedy.human && { word: "person", tap: { what: "human" } },
    withdrawable(remedy) && { word: "withdraw", tap: { what: "withdrawal" } },
  ];
  return offers.filter((one) => one !== false);
}

/** How one disagrees with it now: with a refusal once, with a decision once more. */
function objectionOf(remedy: RemedyShape): Offer | undefined {
  const { dispute } = remedy;
  const less = dispute?.outcome && dispute.outcome !== "granted";
  if (less && !dispute.objected && due(remedy, "objection")) {
    return { word: "objectAgain", tap: { what: "objection", reason: NOT_AGREED } };
  }
  if (remedy.status === "refused" && !dispute && !remedy.journey?.their_own) {
    return { word: "object", tap: { what: "dispute", reason: NOT_AGREED } };
  }
  return undefined;
}

/** Whoever was asked has it before them. */
function isAsked({ status, counter_offer, dispute }: RemedyShape): boolean {
  return status === "requested" && !counter_offer && !dispute;
}

function atMerchant({ journey }: RemedyShape): boolean {
  return journey?.back === "received" || journey?.back === "done";
}

/** As long as no money is on its way, and there is anything to take back. */
function withdrawable(remedy: RemedyShape): boolean {
  if (remedy.kind === "cancel" && remedy.status !== "requested" && !remedy.journey) return false;
  // It was asked to turn round, and does not come to the consumer any more.
  if (remedy.journey?.back === "intercepting") return false;
  // What comes to the consumer has left.
  if (remedy.journey && OUT.includes(remedy.journey.out)) return false;
  const moving = ["requested", "approved", "waiting_for_return"].includes(remedy.status);
  return moving && remedy.refund === "none" && remedy.kind !== "compensation";
}
