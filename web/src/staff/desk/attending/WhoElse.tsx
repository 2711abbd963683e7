import { Text } from "@mantine/core";
import { useNow } from "../../../shared/useNow";
import { type Spoken, useLanguage, useWords } from "../../../shared/words";
import { deskName } from "../codes";
import { type Attendant, useOthers } from "./useAttend";
import { words } from "./words";

/** Who else has this case before them, and who writes; nobody is named twice. */
export function WhoElse({ conversation, case: number }: { conversation: string; case: number }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const now = useNow();
  const others = useOthers(conversation);
  const lines = others
    .filter((one) => new Date(one.until).getTime() > now)
    .filter((one) => !one.case || one.case === number)
    .map((one) => line(one, said, one.desk ? deskName(one.desk, language) : ""));
  return (
    <div className="who-else" role="status">
      {[...new Set(lines)].map((text) => (
        <Text key={text} size="xs" className="quiet">
          {text}
        </Text>
      ))}
    </div>
  );
}

function line(one: Attendant, said: Spoken<typeof words>, desk: string): string {
  if (one.by === "consumer") return said.consumerWrites;
  const who = one.agent ? said.colleague : desk;
  return one.doing === "writing" ? said.writes(who) : said.looks(who);
}
