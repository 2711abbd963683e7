import { useQueries, useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { FigureShape, ValueShape } from "../../api/schema";
import { lasting, money } from "../../shared/format";
import type { Language } from "../../shared/words";

export type By = "total" | "day" | "desk" | "merchant" | "creator" | "agent" | "category";
export type Part = "denominator" | "numerator" | "excluded";
export type Span = { since: string; until: string };

/** Days begin at midnight where whoever looks is. */
export const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What each figure means; it does not change while somebody looks. */
export function useFigures() {
  return useQuery({
    queryKey: ["insight", "figures"],
    queryFn: () => answer(api.GET("/v1/desk/insight/figures")),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A figure by group in these days. */
export function useValues(figure: FigureShape["name"], span: Span, by: By) {
  return useQuery(valuesOf(figure, span, by));
}

export type Total = Pick<ReturnType<typeof useValues>, "data" | "error" | "isPending">;

/** Each of these figures in all these days, in their order. */
export function useTotals(figures: readonly FigureShape[], span: Span): readonly Total[] {
  return useQueries({ queries: figures.map(({ name }) => valuesOf(name, span, "total")) });
}

/** The first figure that says something; null while that is not known. With none, the first. */
export function firstWithData(
  figures: readonly FigureShape[],
  totals: readonly Total[],
): FigureShape | null {
  for (const [index, figure] of figures.entries()) {
    if (totals[index]?.isPending) return null;
    if (totals[index]?.data?.items.some((one) => one.denominator > 0)) return figure;
  }
  return figures[0] ?? null;
}

/** What a figure is of, by the word for so many of them. */
export const OF = {
  contact_once: "ofCases",
  first_response: "ofCases",
  answered_in_time: "ofCases",
  resolution: "ofCases",
  take_overs: "ofCases",
  cost_per_case: "ofCases",
  promise_kept: "ofPromises",
  refund_time: "ofRefunds",
  satisfaction: "ofCases",
  paused_share: "ofTime",
} as const satisfies Record<FigureShape["name"], string>;

function valuesOf(figure: FigureShape["name"], span: Span, by: By) {
  return {
    queryKey: ["insight", figure, span.since, span.until, by],
    queryFn: () =>
      answer(
        api.GET("/v1/desk/insight/{figure}", {
          params: { path: { figure }, query: { ...span, by, timezone } },
        }),
      ),
    staleTime: 30_000,
  };
}

/** Numerator by denominator, as people of the language write it. */
export function shown(
  value: Pick<ValueShape, "numerator" | "denominator">,
  unit: FigureShape["unit"],
  currency: string,
  language: Language,
): string {
  const each = value.numerator / value.denominator;
  if (unit === "share") {
    return each.toLocaleString(language, { style: "percent", maximumFractionDigits: 1 });
  }
  return unit === "seconds" ? lasting(each, language) : money(Math.round(each), currency, language);
}

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];
const STEPS = [
  ...[1, 2, 5, 10, 30].flatMap((count) => [count, count * MINUTE]),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((count) => count * DAY),
].sort((one, other) => one - other);
const TICKS_MAX = 5;

/** Where an axis of times up to so many seconds is marked: at whole minutes, hours or days. */
export function timeTicks(seconds: number): number[] {
  const step = STEPS.find((one) => one * TICKS_MAX >= seconds) ?? Math.ceil(seconds / TICKS_MAX);
  const count = Math.max(1, Math.ceil(seconds / step));
  return Array.from({ length: count + 1 }, (_, place) => place * step);
}

/** The first day, and the day after the last, of the days up to today. */
export function lastDays(days: number): Span {
  const today = new Date();
  const first = new Date(today);
  first.setDate(today.getDate() - days + 1);
  return { since: isoDay(first), until: dayAfter(isoDay(today)) };
}

export function dayAfter(day: string, days = 1): string {
  const when = new Date(`${day}T12:00:00`);
  when.setDate(when.getDate() + days);
  return isoDay(when);
}

function isoDay(when: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
}

/** The desk of a group that is one, or a party's; "" of any other. */
export function deskOf(group: string, by: By): string {
  if (by === "desk") return group;
  return group && (by === "merchant" || by === "creator") ? `${by}:${group}` : "";
}
