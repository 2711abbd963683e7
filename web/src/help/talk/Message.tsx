import type { MessageShape } from "../../api/schema";
import { exactly, time } from "../../shared/format";
import { plain } from "../../shared/plain";
import { useLanguage, useWords } from "../../shared/words";
import { ShownFile } from "../files/ShownFile";
import { words } from "./words";

/** What somebody said, with the badge of whose people they are. Never anything but text. */
export function Message({ message }: { message: MessageShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const mine = message.by === "consumer";
  const badge = mine ? said.you : message.by === "system" ? said.automatic : said.service;
  return (
    <div className={mine ? "bubble bubble-mine" : "bubble"}>
      <span className="bubble-about">
        <span className={`badge badge-${message.by}`}>{badge}</span>{" "}
        <time dateTime={message.at} title={exactly(message.at, language)}>
          {time(message.at, language)}
        </time>
      </span>
      {message.text === null ? (
        <span className="quiet">{said.erased}</span>
      ) : (
        <bdi className="said" dir="auto">
          {plain(message.text)}
        </bdi>
      )}
      {message.attachments?.map((id) => (
        <ShownFile key={id} id={id} />
      ))}
    </div>
  );
}
