import { Badge, Group, Text } from "@mantine/core";
import type { MessageShape, SubjectShape } from "../../../api/schema";
import { exactly, time } from "../../../shared/format";
import { plainText } from "../../../shared/plainText";
import { useLanguage, useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { Attachment } from "./Attachment";
import { ShownCard } from "./ShownCard";
import { Translation } from "./Translation";
import { words } from "./words";

type Props = {
  message: MessageShape;
  consumer: string;
  conversation: string;
  subject: SubjectShape;
  /** Whether the case has to be named: there are several in this conversation. */
  several: boolean;
};

/** One message: who, to whom, when; its text as text and nothing else. */
export function Message({ message, consumer, conversation, subject, several }: Props) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { agent } = useSession();
  const own = message.agent === agent;
  const to = {
    consumer: message.by === "consumer" ? "" : said.toConsumer,
    desks: said.amongDesks,
    internal: message.to ? said.whisper : said.note,
  }[message.audience];
  return (
    <li
      className="message"
      data-audience={message.audience}
      data-by={message.by}
      data-id={message.id}
    >
      <Group gap={6} className="message-head">
        <Text span size="xs" fw={600}>
          {own ? said.you : said[message.by]}
        </Text>
        {to && (
          <Text span size="xs">
            {to}
          </Text>
        )}
        {several && (
          <Text span size="xs">
            #{message.case}
          </Text>
        )}
        <Text
          size="xs"
          component="time"
          dateTime={message.at}
          title={exactly(message.at, language)}
          ml="auto"
        >
          {time(message.at, language)}
        </Text>
      </Group>
      {message.text !== "" && (
        <p className="text" dir="auto">
          {message.text === null ? said.erased : plainText(message.text)}
        </p>
      )}
      {!own && <Translation message={message} consumer={consumer} conversation={conversation} />}
      {message.call && (
        <Text size="xs" className="quiet">
          {said[message.call.direction](
            message.call.number ?? "***",
            minutes(message.call.seconds),
          )}{" "}
          {message.call.recording && (
            <a href={message.call.recording} target="_blank" rel="noreferrer noopener">
              {said.recording}
            </a>
          )}
        </Text>
      )}
      {message.card && <ShownCard card={message.card} consumer={consumer} subject={subject} />}
      {message.attachments && message.attachments.length > 0 && (
        <Group gap="xs">
          {message.attachments.map((id) => (
            <Attachment key={id} consumer={consumer} conversation={conversation} id={id} />
          ))}
        </Group>
      )}
      {message.flagged && (
        <Badge size="sm" color="red" variant="outline">
          {said.flagged}
        </Badge>
      )}
    </li>
  );
}

/** "1:35"; of a call that reached nobody nothing. */
function minutes(seconds: number): string {
  return seconds ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
}
