import { Badge } from "@mantine/core";
import type { ArticleShape } from "../../../api/schema";
import { serverTime } from "../../../api/serverTime";
import { day } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { words } from "./words";

// Read on both grounds; the theme's orange is too light for white words.
const BROWN = "#8a4b00";
const SOON_MS = 30 * 86_400_000;

/** Until when somebody vouches for it; what needs a look soon stands out. */
export function Expiry({ of }: { of: ArticleShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const end = of.article.expires_at;
  if (of.expired) {
    return (
      <Badge color="red.9" variant="filled">
        {said.expired}
      </Badge>
    );
  }
  if (!end) return <Badge variant="default">{said.endless}</Badge>;
  const soon = Date.parse(end) - serverTime().getTime() < SOON_MS;
  return (
    <Badge {...(soon ? { color: BROWN, variant: "filled" } : { variant: "default" })}>
      {said.expires(day(lastDay(end), language))}
    </Badge>
  );
}

/** The last day on which it holds: one that ends at midnight ends with the day before. */
export function lastDay(end: string): Date {
  return new Date(Date.parse(end) - 1);
}
