// Money, dates and waits as people of the language write them. Amounts are in minor units.
import type { Language } from "./words";

const LOCALES: Record<Language, string> = { zh: "zh-CN", en: "en-GB" };

/** Each format once: to make one takes longer than to use it a hundred times. */
function eachOnce<O, F>(
  make: (locale: string, options: O) => F,
): (locale: string, options: O) => F {
  const made = new Map<string, F>();
  return (locale, options) => {
    const name = `${locale} ${JSON.stringify(options)}`;
    const format = made.get(name) ?? make(locale, options);
    made.set(name, format);
    return format;
  };
}

const numberFormat = eachOnce(
  (locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
);
const relativeFormat = eachOnce(
  (locale, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(locale, options),
);
// A format keeps the zone in which it was made, and whoever travels takes their browser along.
const dateFormat = eachOnce(
  (locale, { offset: _, ...options }: Intl.DateTimeFormatOptions & { offset: number }) =>
    new Intl.DateTimeFormat(locale, options),
);

function written(when: Date, locale: string, options: Intl.DateTimeFormatOptions): string {
  if (Number.isNaN(when.getTime())) return String(when);
  return dateFormat(locale, { ...options, offset: new Date().getTimezoneOffset() }).format(when);
}

/** As messages have them: the sign of others is also that of these, as yen have that of yuan. */
const WITH_SIGN: readonly string[] = ["CNY", "EUR", "GBP", "USD"];

/** `8900` of `CNY` is ¥89.00, to the last unit; of a currency without a sign of its own the code stands before it. */
export function money(minor: number, currency: string, language: Language): string {
  const digits = minorDigits(currency);
  const format = numberFormat(LOCALES[language], {
    style: "currency",
    currency,
    currencyDisplay: WITH_SIGN.includes(currency) ? "narrowSymbol" : "code",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(minor / 10 ** digits);
}

/** An amount that was added or taken, told by its sign: "+¥89.00", "−¥89.00". */
export function signed(minor: number, currency: string, language: Language): string {
  const amount = money(Math.abs(minor), currency, language);
  return minor < 0 ? `−${amount}` : minor > 0 ? `+${amount}` : amount;
}

const NOT_TWO: readonly [digits: number, currencies: string][] = [
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
  [4, "CLF UYW"],
];

/** How many digits its minor unit has in ISO 4217: 2 of CNY, 0 of JPY. The browser knows how many
 * are customary, which are fewer of HUF or IDR. */
export function minorDigits(currency: string): number {
  return NOT_TWO.find(([, currencies]) => currencies.split(" ").includes(currency))?.[0] ?? 2;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** "14 Nov", with the year where it is another. Days are those of this zone, else the browser's; a
 * date without a time is the same day everywhere. */
export function day(
  at: string | Date,
  language: Language,
  now: Date = new Date(),
  zone?: string,
): string {
  const when = new Date(at);
  const timeZone = typeof at === "string" && DATE.test(at) ? "UTC" : known(zone);
  const yearOf = (one: Date) => calendarDay(one, timeZone).slice(0, -6);
  const year = yearOf(when) === yearOf(now) ? {} : { year: "numeric" as const };
  const parts = { day: "numeric", month: "short", timeZone, ...year } as const;
  return written(when, LOCALES[language], parts);
}

const DAY_MS = 86_400_000;
const DAYS_NAMED = 6;

/** "today", "tomorrow", "Thursday" while that is clear, else the day; in this zone likewise. */
export function dayWord(at: string | Date, language: Language, zone?: string): string {
  const [when, now, timeZone] = [new Date(at), new Date(), known(zone)];
  const midnight = (one: Date) => Date.parse(calendarDay(one, timeZone));
  const apart = (midnight(when) - midnight(now)) / DAY_MS;
  if (Math.abs(apart) <= 1) {
    return relativeFormat(LOCALES[language], { numeric: "auto" }).format(apart, "day");
  }
  if (apart < 0 || apart > DAYS_NAMED) return day(when, language, now, timeZone);
  return written(when, LOCALES[language], { weekday: "long", timeZone });
}

/** The day within which a deadline ends: one at midnight ends the day before. */
export function lastDayWord(until: string | Date, language: Language, zone?: string): string {
  return dayWord(new Date(new Date(until).getTime() - 1), language, zone);
}

/** "2026-11-14": in Sweden dates are written so that a machine can read them. */
function calendarDay(when: Date, timeZone: string | undefined): string {
  return written(when, "sv-SE", { timeZone });
}

/** A zone that this browser knows; the service may know newer ones. */
function known(zone: string | undefined): string | undefined {
  if (!zone) return undefined;
  try {
    return dateFormat("en", { timeZone: zone, offset: 0 }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** "15:40" today, else with its day. */
export function time(at: string | Date, language: Language, now: Date = new Date()): string {
  const when = new Date(at);
  return when.toDateString() === now.toDateString()
    ? clockTime(when, language)
    : moment(when, language, now);
}

/** "14 Nov 15:40": with its day, also where that is today. */
export function moment(at: string | Date, language: Language, now: Date = new Date()): string {
  return `${day(at, language, now)} ${clockTime(new Date(at), language)}`;
}

/** Until when: "29 Nov 16:20", and "29 Nov 24:00" of what ends at midnight, with its last day. */
export function deadline(at: string | Date, language: Language, now: Date = new Date()): string {
  const when = new Date(at);
  const isMidnight = when.getHours() === 0 && when.getMinutes() === 0;
  return isMidnight ? `${endsOn(when, language, now)} 24:00` : moment(when, language, now);
}

/** The day within which a deadline ends, as a date: of one at midnight the day before. */
export function endsOn(until: string | Date, language: Language, now: Date = new Date()): string {
  return day(new Date(new Date(until).getTime() - 1), language, now);
}

function clockTime(when: Date, language: Language): string {
  const parts = { hour: "2-digit", minute: "2-digit", hour12: false } as const;
  return written(when, LOCALES[language], parts);
}

/** The whole of it, for whoever hovers or listens. */
export function exactly(at: string | Date, language: Language): string {
  return written(new Date(at), LOCALES[language], { dateStyle: "medium", timeStyle: "short" });
}

/** "2,220": as people of the language write numbers. */
export function counted(count: number, language: Language): string {
  return numberFormat(LOCALES[language], {}).format(count);
}

const UNITS: Record<Language, readonly string[]> = {
  zh: ["天", "小时", "分钟", "秒"],
  en: ["d", "h", "min", "s"],
};

/** Seconds in the two largest units that say something: "2 h 5 min". */
export function lasting(seconds: number, language: Language): string {
  const whole = Math.round(seconds);
  const parts = [
    Math.floor(whole / 86_400),
    Math.floor((whole % 86_400) / 3_600),
    Math.floor((whole % 3_600) / 60),
    whole % 60,
  ];
  const first = parts.findIndex((count) => count > 0);
  if (first < 0) return `0 ${UNITS[language][3]}`;
  return parts
    .slice(first, first + 2)
    .map((count, index) => (count > 0 ? `${count} ${UNITS[language][first + index]}` : ""))
    .filter(Boolean)
    .join(" ");
}

/** How long somebody waits, as far as that is known: up to whole minutes, and to half hours where it
 * takes long, "5 h 30 min". */
export function roughly(seconds: number, language: Language): string {
  const step = seconds > 3_600 ? 1_800 : 60;
  return lasting(Math.max(1, Math.ceil(seconds / step)) * step, language);
}

const NEAR_SECONDS = 3_600;

/** When that is, as seen from now: "in 8 h 26 min"; what is near is counted down: "in 26 min 5 s". */
export function ahead(at: string | Date, now: number, language: Language): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  if (seconds <= 0) {
    const over = lasting(Math.floor(-seconds / 60) * 60 || -seconds, language);
    return language === "zh" ? `已超过 ${over}` : `${over} over`;
  }
  const wait = lasting(seconds < NEAR_SECONDS ? seconds : Math.floor(seconds / 60) * 60, language);
  return language === "zh" ? `${wait}后` : `in ${wait}`;
}

/** What is left until then, as a clock shows it: "0:42", "3:07:00", "2 d 4 h"; past: "-0:42". */
export function left(until: string | Date, now: number, language: Language): string {
  const seconds = Math.round((new Date(until).getTime() - now) / 1000);
  const sign = seconds < 0 ? "-" : "";
  const whole = Math.abs(seconds);
  const [days, hours] = [Math.floor(whole / 86_400), Math.floor((whole % 86_400) / 3_600)];
  const [minutes, rest] = [Math.floor((whole % 3_600) / 60), whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  const [day, hour] = UNITS[language];
  if (days > 0) return `${sign}${days} ${day} ${hours} ${hour}`;
  if (hours > 0) return `${sign}${hours}:${two(minutes)}:${two(rest)}`;
  return `${sign}${minutes}:${two(rest)}`;
}
