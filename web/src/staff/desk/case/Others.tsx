import { Text } from "@mantine/core";
import type { AttendantShape } from "../../../api/schema";
import { useNow } from "../../../shared/useNow";
import { useLanguage, useWords } from "../../../shared/words";
import { deskName } from "../codes";
import { words } from "./words";

/** Who else is at this case right now, and whether they write. */
export function Others({ others, about }: { others: readonly AttendantShape[]; about: number }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const now = useNow();
  const there = others.filter(
    (one) =>
      new Date(one.until).getTime() > now &&
      (one.by === "consumer" ? one.doing === "writing" : !one.case || one.case === about),
  );
  const told = there.map((one) => {
    if (one.by === "consumer") return said.consumerWrites;
    const who = one.agent
      ? said.aColleague
      : said.aDesk(deskName(one.desk ?? "platform", language));
    if (one.doing !== "writing") return said.looks(who);
    return one.audience === "consumer" ? said.writesToConsumer(who) : said.writes(who);
  });
  return (
    <Text size="xs" className="others" role="status">
      {[...new Set(told)].join(" · ")}
    </Text>
  );
}
