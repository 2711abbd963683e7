// Both languages stand side by side; a word that lacks one does not compile.
import { createContext, useContext } from "react";

export type Language = "zh" | "en";

type Said = string | ((...about: never[]) => string);
export type Word<S extends Said = Said> = { zh: S; en: S };
type Words = Record<string, Word>;
export type Spoken<W extends Words> = {
  [Name in keyof W]: W[Name]["zh"] extends string ? string : W[Name]["zh"];
};

/** The words of a page: `{ title: { zh: "…", en: "…" } }`; a word about something is a function. */
export function inBoth<W extends Words>(words: W & { [N in keyof W]: Word }): W {
  return words;
}

/** The words in one language. */
export function spoken<W extends Words>(words: W, language: Language): Spoken<W> {
  const found = Object.entries(words).map(([name, word]) => [name, word[language]]);
  return Object.fromEntries(found) as Spoken<W>;
}

const KEPT = "oncedesk.language";

/** What was chosen here before, else what the browser prefers of the two. */
export function firstLanguage(): Language {
  const kept = read(KEPT);
  if (kept === "zh" || kept === "en") return kept;
  const wanted = navigator.languages.find((one) => /^(zh|en)\b/i.test(one));
  return wanted?.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** From now on, and at the next visit. */
export function keepLanguage(language: Language): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // A browser that keeps nothing still shows the page.
  }
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export const LanguageContext = createContext<{
  language: Language;
  choose: (language: Language) => void;
}>({ language: "en", choose: () => {} });

export function useLanguage() {
  return useContext(LanguageContext);
}

/** What stands between a word and what it is about, as people of the language write it. */
export function useColon(): string {
  const { language } = useLanguage();
  return language === "zh" ? "：" : ": ";
}

/** The words of a page in the language in force. */
export function useWords<W extends Words>(words: W): Spoken<W> {
  const { language } = useLanguage();
  return spoken(words, language);
}
