import { Link } from "wouter";
import type { HelpCase, HelpConversation, OrderShape } from "../../api/schema";
import { time } from "../../shared/format";
import { type Language, spoken, useLanguage, useWords } from "../../shared/words";
import { paths } from "../paths";
import { sentenceOf } from "../remedies/sentence";
import { deskWord, issueWord } from "../talk/issueWords";
import { named } from "./called";
import { words } from "./words";

type Line = { key: string; to: string; text: string; about: string; due: string };

/** What is in hand, one sentence each with what it is about; what ends first stands first. */
export function OpenProblems({
  conversations,
  orders,
}: {
  conversations: HelpConversation[];
  orders: OrderShape[];
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const lines = [
    ...conversations.flatMap((one) => ofConversation(one, orders, language)),
    ...orders.flatMap((one) => ofOrder(one, language)),
  ].sort((one, other) => one.due.localeCompare(other.due));
  if (lines.length === 0) return null;
  return (
    <section aria-labelledby="open">
      <h2 id="open">{said.open}</h2>
      <ul className="plain">
        {lines.map((line) => (
          <li key={line.key}>
            <Link href={line.to} className="card card-link">
              {line.text}
              {line.about && <span className="quiet">{line.about}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ofConversation(
  conversation: HelpConversation,
  orders: OrderShape[],
  language: Language,
): Line[] {
  const order = orders.find(({ id }) => id === conversation.subject.id);
  return conversation.cases
    .filter((one) => one.status !== "closed" && one.status !== "resolved")
    .map((one) => ({
      key: `${conversation.id}/${one.number}`,
      to: paths.conversation(conversation.id),
      text: problem(one, language),
      about: order ? named(order, language) : "",
      due: one.reply_by ?? one.answer_by ?? "9",
    }));
}

function problem(one: HelpCase, language: Language): string {
  const said = spoken(words, language);
  const what = issueWord(one.issue, language);
  if (one.reply_by) return said.weAsked(what, time(one.reply_by, language));
  if (one.answer_by && one.held_by) {
    const who = deskWord(one.held_by, one.held_by_name, language);
    return said.answersBy(what, who, time(one.answer_by, language));
  }
  return said.inHand(what);
}

function ofOrder(order: OrderShape, language: Language): Line[] {
  return (order.remedies ?? [])
    .filter((one) => one.next !== undefined || one.refund_by !== undefined)
    .map((one) => ({
      key: `${order.id}/${one.number}`,
      to: paths.order(order.id),
      text: sentenceOf(one, order.currency ?? "", language),
      about: named(order, language),
      due: one.next?.due_at ?? one.refund_by ?? "9",
    }));
}
