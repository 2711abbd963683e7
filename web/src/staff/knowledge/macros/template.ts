// Texts with variables, `{refund.amount}`, as the service reads them.
import type { Variable } from "../../../api/schema";

export const VARIABLES = [
  ...(["consumer.name", "agent.name", "merchant.name", "case.answer_by"] as const),
  ...(["order.placed", "order.promise", "order.ship_by", "order.estimate"] as const),
  ...(["order.paid", "refund.amount", "refund.until"] as const),
] satisfies readonly Variable[];

const BRACES = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** Why a text is none with variables: the name of one that is unknown, or a brace that stands alone. */
export type Wrong = { unknown: string } | { brace: true };

export function wrongIn(text: string): Wrong | null {
  for (const [whole, name] of text.matchAll(BRACES)) {
    if (whole === "{{" || whole === "}}") continue;
    if (name === undefined) return { brace: true };
    if (!(VARIABLES as readonly string[]).includes(name)) return { unknown: name };
  }
  return null;
}

/** The text with each variable by its name, as nobody would send it. */
export function withNames(text: string, nameOf: (variable: Variable) => string): string {
  return text.replace(BRACES, (whole, name?: string) =>
    name === undefined ? whole.slice(0, 1) : `‹${nameOf(name as Variable)}›`,
  );
}
