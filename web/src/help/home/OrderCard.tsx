import { Link } from "wouter";
import type { OrderShape } from "../../api/schema";
import { useLanguage } from "../../shared/words";
import { isLate, standing } from "../order/standing";
import { paths } from "../paths";
import { called, sellersOf } from "./called";

/** An order: what it was, of whom, and where each part of it stands against what was promised. */
export function OrderCard({ order }: { order: OrderShape }) {
  const { language } = useLanguage();
  const sellers = sellersOf(order);
  return (
    <Link href={paths.order(order.id)} className="card card-link">
      <strong>{called(order, language)}</strong>
      {sellers.length > 0 && <span className="quiet">{sellers.join(" · ")}</span>}
      {order.parts?.map((part) => (
        <span key={part.number} className={isLate(part) ? "late" : "quiet"}>
          {standing(order, part, language)}
        </span>
      ))}
    </Link>
  );
}
