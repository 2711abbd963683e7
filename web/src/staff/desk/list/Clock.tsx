import { Text } from "@mantine/core";
import { exactly, left } from "../../../shared/format";
import { useNow } from "../../../shared/useNow";
import { useLanguage } from "../../../shared/words";
import type { DueNext } from "./dueNext";

const NEAR_MS = 15 * 60_000;

/** What happens next by itself, and in how long: "Merchant: auto-refund 0:42". */
export function Clock({ at, what }: DueNext) {
  const { language } = useLanguage();
  const now = useNow();
  const ms = new Date(at).getTime() - now;
  const urgency = ms < 0 ? "past" : ms < NEAR_MS ? "near" : "far";
  return (
    <Text
      component="time"
      dateTime={at}
      title={exactly(at, language)}
      size="xs"
      className="clock"
      data-urgency={urgency}
    >
      <span className="happens">{what}</span>{" "}
      <span className="digits">{left(at, now, language)}</span>
    </Text>
  );
}
