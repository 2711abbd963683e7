import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { firstLanguage, keepLanguage, type Language, LanguageContext } from "./words";

/** Gives everything inside a language, and tells the browser and screen readers which. */
export function Speaking({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const choose = useCallback((wanted: Language) => {
    keepLanguage(wanted);
    setLanguage(wanted);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  const given = useMemo(() => ({ language, choose }), [language, choose]);
  return <LanguageContext value={given}>{children}</LanguageContext>;
}
