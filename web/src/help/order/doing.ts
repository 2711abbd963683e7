import type { ChoiceShape, ChoicesShape } from "../../api/schema";
import { money } from "../../shared/format";
import { type Language, spoken } from "../../shared/words";
import { words } from "./words";

type Kind = ChoiceShape["kind"];
type Stage = ChoicesShape["stage"];

/** What one does by asking for it: "Cancel", "Send it back". */
export function doing(kind: Kind, stage: Stage, language: Language): string {
  const said = spoken(words, language);
  switch (kind) {
    case "cancel":
      return said.doCancel;
    case "return_and_refund":
      return stage === "shipped" ? said.doReturnUnderWay : said.doReturn;
    case "refund":
      return stage === "delivered" ? said.doRefund : said.doRefundNotHere;
    case "exchange":
      return said.doExchange;
    case "resend":
      return said.doResend;
    case "repair":
      return said.doRepair;
    case "price_protection":
      return said.doPriceProtection;
    default:
      return said.doCompensation;
  }
}

type Consequence = {
  kind: Kind;
  amount_minor?: number;
  at_once?: boolean;
  steps?: ChoiceShape["steps"];
};

/** What stands on the button: what one does and what one has of it; a wish that somebody has to
 * grant is only asked for. */
export function consequence(
  choice: Consequence,
  { currency, stage }: { currency: string; stage: Stage },
  language: Language,
): string {
  const said = spoken(words, language);
  const what = doing(choice.kind, stage, language);
  if (!choice.amount_minor) return choice.at_once ? what : said.askPlain(what);
  const amount = money(choice.amount_minor, currency, language);
  if (!choice.at_once) return said.askFor(what, amount);
  if (choice.kind === "compensation") return said.getPaid(what, amount);
  const waits = choice.steps?.some((step) => step.kind !== "refund");
  return waits ? said.getLater(what, amount) : said.getNow(what, amount);
}
