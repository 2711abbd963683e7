import { useCallback } from "react";
import { useLanguage } from "../../shared/words";
import { code } from "./codes";

/** Codes in the words of the language in force. */
export function useCode(): (name: string) => string {
  const { language } = useLanguage();
  return useCallback((name: string) => code(name, language), [language]);
}
