import { Link } from "wouter";
import type { CardShape } from "../../api/schema";
import { useLanguage, useWords } from "../../shared/words";
import { useOrder, useRemedies } from "../asking";
import { OrderCard } from "../home/OrderCard";
import { paths } from "../paths";
import { fullSentenceOf, sentenceOf } from "../remedies/sentence";
import { words } from "./words";

/** What somebody shows with their words, as it stands now, and the way to its order. */
export function ShownCard({ card }: { card: CardShape }) {
  if (card.remedy) return <RemedyShown order={card.order} number={card.remedy} />;
  return <OrderShown order={card.order} />;
}

function OrderShown({ order }: { order: string }) {
  const said = useWords(words);
  const { data } = useOrder(order);
  if (data) return <OrderCard order={data} />;
  return <Link href={paths.order(order)}>{said.yourOrder}</Link>;
}

function RemedyShown({ order, number }: { order: string; number: number }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { data } = useRemedies(order);
  const live = data?.remedies.find((one) => one.number === number);
  const over = data?.over?.find((one) => one.number === number);
  const { currency = "" } = data ?? {};
  return (
    <Link href={paths.order(order)} className="card card-link">
      {live && <span>{fullSentenceOf(live, currency, language)}</span>}
      {!live && over && <span>{sentenceOf({ ...over, refund: "none" }, currency, language)}</span>}
      <span className="quiet">{said.yourOrder}</span>
    </Link>
  );
}
