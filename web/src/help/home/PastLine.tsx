import { Link } from "wouter";
import type { HelpConversation } from "../../api/schema";
import { day } from "../../shared/format";
import { useLanguage } from "../../shared/words";
import { paths } from "../paths";
import { issueWord } from "../talk/issueWords";

/** A conversation in which all is over: about what, and when. */
export function PastLine({ conversation }: { conversation: HelpConversation }) {
  const { language } = useLanguage();
  const issues = new Set(conversation.cases.map((one) => issueWord(one.issue, language)));
  return (
    <Link href={paths.conversation(conversation.id)}>
      {[...issues].join(" · ")} · {day(conversation.opened_at, language)}
    </Link>
  );
}
