import { roughly } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { useConversations, useWait } from "../asking";
import { ButtonLink } from "../parts/Button";
import { paths } from "../paths";
import { words } from "./words";

/** The way to a person, always there: into the conversation about this part, if there is one. */
export function PersonLink({ order, part }: { order: string; part: number }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const conversations = useConversations();
  const there = conversations.data?.items.find(
    ({ subject }) => subject.id === order && (subject.part ?? 0) === part,
  );
  const to = there ? paths.conversation(there.id) : paths.talkOrder(order, part);
  const { data: seconds } = useWait(order, part);
  const wait = typeof seconds === "number" && said.wait(roughly(seconds, language));
  return (
    <ButtonLink to={to}>
      {said.person}
      {wait && ` · ${wait}`}
    </ButtonLink>
  );
}
