import { Problem } from "../../api/problems";
import { plain } from "../../shared/plainText";
import { problemWords } from "../../shared/problemWords";
import { useLanguage, useWords } from "../../shared/words";
import { ShownFile } from "../files/ShownFile";
import { Button } from "../parts/Button";
import type { Outgoing } from "./useOutbox";
import { words } from "./words";

/** A message on its way, or what kept it from going and what can be done. */
export function Unsent({
  one,
  onRetry,
  onDrop,
  onWordAgain,
}: {
  one: Outgoing;
  onRetry: () => void;
  onDrop: () => void;
  onWordAgain: () => void;
}) {
  const said = useWords(words);
  return (
    <div className="bubble bubble-mine">
      <bdi className="said" dir="auto">
        {plain(one.text)}
      </bdi>
      {one.files.map((id) => (
        <ShownFile key={id} id={id} />
      ))}
      {one.state === "failed" ? (
        <span className="problem" role="alert">
          <Why one={one} />{" "}
          {one.kept ? (
            <Button kind="quiet" onClick={onDrop}>
              {said.understood}
            </Button>
          ) : (
            <>
              {said.notSent} ·{" "}
              <Button kind="quiet" onClick={one.passes ? onRetry : onWordAgain}>
                {one.passes ? said.retry : said.change}
              </Button>
              <Button kind="quiet" onClick={onDrop}>
                {said.drop}
              </Button>
            </>
          )}
        </span>
      ) : (
        <span className="quiet">{one.state === "sending" ? said.sending : ""}</span>
      )}
    </div>
  );
}

function Why({ one }: { one: Outgoing }) {
  const said = useWords(words);
  const { language } = useLanguage();
  if (one.passes) return null;
  if (one.code === "message_blocked") return said.blocked;
  return problemWords(new Problem(one.code ?? "", 400, "", one.detail ?? "", 0), language);
}
