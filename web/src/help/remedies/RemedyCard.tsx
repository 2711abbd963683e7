import type { RemediesShape, RemedyShape } from "../../api/schema";
import { useLanguage } from "../../shared/words";
import { fullSentenceOf, named } from "./sentence";

/** A remedy: where it stands in one sentence. */
export function RemedyCard({ remedies, remedy }: { remedies: RemediesShape; remedy: RemedyShape }) {
  const { language } = useLanguage();
  const { currency } = remedies;
  return (
    <section className="card remedy" aria-label={named(remedy, currency, language)}>
      <span>{fullSentenceOf(remedy, currency, language)}</span>
    </section>
  );
}
