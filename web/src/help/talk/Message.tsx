import type { MessageShape } from "../../api/schema";
import { exactly, time } from "../../shared/format";
import { plain } from "../../shared/plainText";
import { useLanguage, useWords } from "../../shared/words";
import { ShownFile } from "../files/ShownFile";
import { ShownCard } from "./ShownCard";
import { words } from "./words";

/** What somebody said, with the badge of whose people they are. Never anything but text. */
export function Message({ message, desk }: { message: MessageShape; desk: string }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const mine = message.by === "consumer";
  const badge = badgeOf(message, desk);
  return (
    <div className={mine ? "bubble bubble-mine" : "bubble"}>
      <span className="bubble-about">
        <span className={`badge badge-${badge}`}>{said[badge]}</span>{" "}
        <time dateTime={message.at} title={exactly(message.at, language)}>
          {time(message.at, language)}
        </time>
      </span>
      {message.text === null && <span className="quiet">{said.erased}</span>}
      {message.text && (
        <bdi className="said" dir="auto">
          {plain(message.text)}
        </bdi>
      )}
      {message.card && <ShownCard card={message.card} />}
      {message.attachments?.map((id) => (
        <ShownFile key={id} id={id} />
      ))}
    </div>
  );
}

type Badge = "you" | "platform" | "merchant" | "creator" | "automatic" | "service";

/** Whose people spoke. An admin speaks for the platform, whoever has the case. */
function badgeOf(message: MessageShape, desk: string): Badge {
  switch (message.by) {
    case "consumer":
      return "you";
    case "agent":
      return desk === "platform" || desk === "merchant" || desk === "creator" ? desk : "service";
    case "admin":
      return "platform";
    default:
      return "automatic";
  }
}
