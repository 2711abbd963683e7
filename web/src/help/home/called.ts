import type { OrderShape } from "../../api/schema";
import { day, money } from "../../shared/format";
import { isolated } from "../../shared/plainText";
import { type Language, spoken } from "../../shared/words";
import { words } from "../order/words";

/** What an order is called where its consumer has to know it again. */
export function called(order: OrderShape, language: Language): string {
  const said = spoken(words, language);
  const amount = total(order);
  return [
    named(order, language),
    ...(amount && order.currency ? [money(amount, order.currency, language)] : []),
    ...(order.placed_at ? [said.placed(day(order.placed_at, language))] : []),
  ].join(" · ");
}

/** What was bought with it, in few words. */
export function named(order: OrderShape, language: Language): string {
  const said = spoken(words, language);
  const items = order.parts?.flatMap((part) => part.items) ?? [];
  const titles = items.flatMap((item) => (item.title ? [isolated(item.title)] : []));
  const first = titles[0] ?? said.item;
  return items.length > 1 ? said.andMore(first, items.length - 1) : first;
}

/** The shops it was bought at, as far as they have a name. */
export function sellersOf(order: OrderShape): string[] {
  const names = order.parts?.flatMap((part) => (part.seller ? [isolated(part.seller)] : [])) ?? [];
  return [...new Set(names)];
}

function total(order: OrderShape): number {
  return order.payments?.reduce((sum, one) => sum + one.amount_minor, 0) ?? 0;
}
