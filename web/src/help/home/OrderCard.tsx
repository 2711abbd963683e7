import { Link } from "wouter";
import type { OrderShape } from "../../api/schema";
import { ItemPicture } from "../../shared/ItemPicture";
import { useLanguage, useWords } from "../../shared/words";
import { isLate, standing } from "../order/standing";
import { words } from "../order/words";
import { paths } from "../paths";
import { called, sellersOf } from "./called";

/** An order: what it was, of whom, and where each part of it stands against what was promised. */
export function OrderCard({ order }: { order: OrderShape }) {
  const { language } = useLanguage();
  const said = useWords(words);
  const sellers = sellersOf(order);
  const [first] = order.parts?.flatMap((part) => part.items) ?? [];
  return (
    <Link href={paths.order(order.id)} className="card card-link">
      <span className="card-head">
        <ItemPicture address={first?.picture} title={first?.title ?? said.item} />
        <strong>{called(order, language)}</strong>
      </span>
      {sellers.length > 0 && <span className="quiet">{sellers.join(" · ")}</span>}
      {order.parts?.map((part) => (
        <span key={part.number} className={isLate(part) ? "late" : "quiet"}>
          {standing(order, part, language)}
        </span>
      ))}
    </Link>
  );
}
