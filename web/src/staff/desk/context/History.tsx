import { useMemo } from "react";
import type { ToldShape } from "../../../api/schema";
import { exactly, time } from "../../../shared/format";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { linesOf } from "../case/told";
import { toldWords } from "../case/toldWords";
import { Part } from "./Part";
import { words } from "./words";

const SHOWN = 40;

/** What was done in this conversation, by whom, the latest first. */
export function History({ story }: { story: readonly ToldShape[] }) {
  const said = useWords(words);
  const told = useWords(toldWords);
  const colon = useColon();
  const { language } = useLanguage();
  const lines = useMemo(() => {
    const by = new Map(story.map((one) => [one.version, one.by]));
    return linesOf(story, told, language)
      .map((line) => ({ ...line, by: by.get(line.version) ?? "system" }))
      .reverse()
      .slice(0, SHOWN);
  }, [story, told, language]);
  if (lines.length === 0) return null;
  return (
    <Part title={said.history}>
      <ol className="history">
        {lines.map((line) => (
          <li key={line.key}>
            <time dateTime={line.at} title={exactly(line.at, language)}>
              {time(line.at, language)}
            </time>{" "}
            {line.byItself ? line.text : `${said[`who_${line.by}`]}${colon}${line.text}`}
          </li>
        ))}
      </ol>
    </Part>
  );
}
