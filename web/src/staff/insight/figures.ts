import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { FigureShape, ValueShape } from "../../api/schema";
import { money } from "../../shared/format";
import type { Language } from "../../shared/words";

export type By = "total" | "day" | "desk" | "merchant" | "creator" | "category";
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
  return useQuery({
    queryKey: ["insight", figure, span.since, span.until, by],
    queryFn: () =>
      answer(
        api.GET("/v1/desk/insight/{figure}", {
          params: { path: { figure }, query: { ...span, by, timezone } },
        }),
      ),
    staleTime: 30_000,
  });
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

/** Seconds in the two largest units that say something: "2 h 5 min". */
export function lasting(seconds: number, language: Language): string {
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 86_400), "day"],
    [Math.floor((whole % 86_400) / 3_600), "hour"],
    [Math.floor((whole % 3_600) / 60), "minute"],
    [whole % 60, "second"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const told = first < 0 ? parts.slice(3) : parts.slice(first, first + 2);
  return told
    .filter(([count], index) => count > 0 || index === 0)
    .map(([count, unit]) =>
      count.toLocaleString(language, { style: "unit", unit, unitDisplay: "short" }),
    )
    .join(" ");
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
