import { Button } from "@mantine/core";
import { useLanguage } from "../../shared/words";

/** One tap to the other language, in its own name. */
export function LanguageSwitch() {
  const { language, choose } = useLanguage();
  const [other, name] =
    language === "zh" ? (["en", "English"] as const) : (["zh", "中文"] as const);
  return (
    <Button variant="subtle" size="compact-sm" lang={other} onClick={() => choose(other)}>
      {name}
    </Button>
  );
}
