// What an event means, in a sentence. One that has no sentence is told by its name.
import { exactly, money } from "../../../shared/format";
import { inBoth, type Language } from "../../../shared/words";
import { spokenSeconds } from "../rules/tableWords";
import { CONVERSATION } from "./conversationSentences";
import { FUNDS } from "./fundSentences";
import { MONEY } from "./moneySentences";
import { ORDER } from "./orderSentences";
import { STAFF } from "./staffSentences";
import { word } from "./vocabulary";

/** An event as it was recorded. */
export type Recorded = Record<string, unknown> & { type?: string };

/** What a sentence is made of. */
export type Telling = {
  /** A code of the event's in the reader's words; empty where it says nothing. */
  code: (field: string) => string;
  /** The desk in this field. */
  desk: (field: string) => string;
  /** The moment in this field. */
  when: (field: string) => string;
  /** The agent in this field, by name where it is known. */
  agent: (field: string) => string;
  /** What was written in this field, as it is. */
  text: (field: string) => string;
  /** The amount in this field, in minor units of the event's or the order's currency. */
  amount: (field: string) => string;
  seconds: (field: string) => string;
  number: (field: string) => number;
  is: (field: string) => boolean;
};

export type Sentence = { zh: (of: Telling) => string; en: (of: Telling) => string };

const SENTENCES: Record<string, Sentence> = {
  ...CONVERSATION,
  ...ORDER,
  ...MONEY,
  ...FUNDS,
  ...STAFF,
};

const DESKS = inBoth({
  platform: { zh: "平台", en: "the platform" },
  merchant: { zh: "商家", en: "the merchant" },
  creator: { zh: "达人", en: "the creator" },
});

const BETWEEN: Record<Language, string> = { zh: "、", en: ", " };

export type About = {
  language: Language;
  names: ReadonlyMap<string, string>;
  currency: string;
  /** Of a wallet's methods each. */
  balances: ReadonlyMap<string, string>;
};

/** The event in the reader's language. */
export function sentence(event: Recorded, about: About): string {
  const name = event.type ?? "";
  const found = SENTENCES[name];
  if (found) return begun(found[about.language](telling(event, about)));
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

/** As a sentence begins, also one that begins with "the merchant". */
function begun(told: string): string {
  return told.charAt(0).toUpperCase() + told.slice(1);
}

function telling(event: Recorded, about: About): Telling {
  const { language, names } = about;
  const text = (field: string) => {
    const value = event[field];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const number = (field: string) => Number(event[field] ?? 0);
  return {
    code: (field) => {
      const value = event[field];
      if (Array.isArray(value)) {
        return value.map((one) => word(String(one), language)).join(BETWEEN[language]);
      }
      return word(text(field), language);
    },
    desk: (field) => deskWord(event[field], language),
    when: (field) => (text(field) ? exactly(text(field), language) : "–"),
    agent: (field) => names.get(text(field)) ?? text(field).slice(0, 8),
    text,
    amount: (field) => {
      const currency = text("currency") || about.balances.get(text("method")) || about.currency;
      return currency ? money(number(field), currency, language) : String(number(field));
    },
    seconds: (field) => spokenSeconds(number(field), language),
    number,
    is: (field) => event[field] === true,
  };
}

/** A desk as it is recorded: `["merchant", ID]`, or the text `merchant:ID`. */
function deskWord(value: unknown, language: Language): string {
  const kind = Array.isArray(value) ? String(value[0]) : String(value ?? "").split(":")[0];
  return (
    (DESKS as Record<string, { zh: string; en: string }>)[kind ?? ""]?.[language] ?? (kind || "–")
  );
}
