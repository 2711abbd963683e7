import type { OrderShape } from "../../api/schema";
import { day, money } from "../../shared/format";
import { type Language, spoken } from "../../shared/words";
import { words } from "../order/words";

/** What an order is called where its consumer has to know it again. */
export function called(order: OrderShape, language: Language): string {
  const said = spoken(words, language);
  const items = order.parts?.flatMap((part) => part.items) ?? [];
  const titles = items.flatMap((item) => item.title ?? []);
  const first = titles[0] ?? said.item;
  const amount = total(order);
  return [
    items.length > 1 ? said.andMore(first, items.length - 1) : first,
    ...(amount && order.currency ? [money(amount, order.currency, language)] : []),
    ...(order.placed_at ? [said.placed(day(order.placed_at, language))] : []),
  ].join(" · ");
}

function total(order: OrderShape): number {
  return order.payments?.reduce((sum, one) => sum + one.amount_minor, 0) ?? 0;
}
