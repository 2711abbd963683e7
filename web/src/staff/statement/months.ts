// Months as the address names them ("2026-11"), in the browser's own zone.
import type { Language } from "../../shared/words";

const SHOWN = 13;
const NAMED = /^(\d{4})-(0[1-9]|1[0-2])$/;

export function monthOf(at: Date): string {
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}`;
}

/** [its first moment, that of the next). What names no month is this one. */
export function spanOf(month: string): { since: string; until: string } {
  const named = NAMED.exec(month) ?? NAMED.exec(monthOf(new Date()));
  const [year, number] = [Number(named?.[1]), Number(named?.[2]) - 1];
  return {
    since: new Date(year, number, 1).toISOString(),
    until: new Date(year, number + 1, 1).toISOString(),
  };
}

/** This month and the year before it, the latest first, and at the end another one that is named. */
export function months(
  now: Date,
  language: Language,
  month: string,
): { value: string; label: string }[] {
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  const last = Array.from({ length: SHOWN }, (_, back) =>
    monthOf(new Date(now.getFullYear(), now.getMonth() - back, 1)),
  );
  const all = last.includes(month) || !NAMED.test(month) ? last : [...last, month];
  return all.map((one) => ({
    value: one,
    label: new Date(spanOf(one).since).toLocaleDateString(locale, {
      year: "numeric",
      month: "long",
    }),
  }));
}
