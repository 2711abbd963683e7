import type { PartShape, PreviewShape, StepShape } from "../../api/schema";
import { exactly, lastDayWord, moment, money, time } from "../../shared/format";
import { isolated } from "../../shared/plainText";
import { type Spoken, useLanguage, useWords } from "../../shared/words";
import { words } from "../order/words";

/** What one gets, out of what it is made up, back to where, and what happens by when. */
export function WhatComes({
  shown,
  part,
  currency,
}: {
  shown: PreviewShape;
  part: PartShape;
  currency: string;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const amount = (minor: number) => money(minor, currency, language);
  const lines = shown.lines ?? [];
  const shipping = shown.shipping_minor ?? 0;
  return (
    <>
      {(shown.amount_minor ?? 0) > 0 && (
        <dl className="sums">
          {lines.map((line) => (
            <Sum
              key={`${line.part}/${line.item}/${line.amount_minor}`}
              what={`${isolated(part.items[line.item - 1]?.title ?? said.item)} ${said.times(line.quantity)}`}
              amount={amount(line.amount_minor)}
            />
          ))}
          {shipping > 0 && <Sum what={said.shipping} amount={amount(shipping)} />}
          <Sum what={said.total} amount={amount(shown.amount_minor ?? 0)} strong />
        </dl>
      )}
      <ul className="plain steps">
        {shown.routes?.map((route) => (
          <li key={route.method}>
            {said.backTo(amount(route.amount_minor), methodWord(route.method, said))}
          </li>
        ))}
        {shown.steps?.map((step) => (
          <li key={step.kind} title={exactly(step.due_at, language)}>
            <StepWords step={step} />
          </li>
        ))}
      </ul>
    </>
  );
}

const METHODS = ["wallet", "card", "balance", "coupon"] as const;

/** A way to pay, by its name here or else by the marketplace's own. */
function methodWord(method: string, said: Spoken<typeof words>): string {
  const known = METHODS.find((one) => one === method);
  return known ? said[known] : method;
}

function Sum({ what, amount, strong }: { what: string; amount: string; strong?: boolean }) {
  return (
    <div className={strong ? "sum sum-total" : "sum"}>
      <dt>{what}</dt>
      <dd>{amount}</dd>
    </div>
  );
}

/** One thing that has to happen, by then at the latest. */
export function StepWords({ step }: { step: StepShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const when = lastDayWord(step.due_at, language);
  switch (step.kind) {
    case "answer":
      return said.stepAnswer(time(step.due_at, language));
    case "choose":
      return said.stepChoose(time(step.due_at, language));
    case "send_back":
      return said.stepSendBack(moment(step.due_at, language));
    case "name_route":
      return said.stepNameRoute(moment(step.due_at, language));
    case "inspect":
      return said.stepInspect(when);
    case "send":
      return said.stepSend(when);
    case "repair":
      return said.stepRepair(when);
    case "refund":
      return said.stepRefund(when);
  }
}
