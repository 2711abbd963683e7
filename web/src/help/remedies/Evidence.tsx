import type { RemedyShape } from "../../api/schema";
import { time } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { FilePicker, PickedFiles } from "../files/FilePicker";
import { useShowing } from "../files/useShowing";
import { ProblemLine } from "../parts/Asked";
import { Button } from "../parts/Button";
import { useSession } from "../session/HelpGate";
import { disputeWords } from "./disputeWords";
import { due } from "./sentence";
import type { useTap } from "./useTap";

type Props = { order: string; remedy: RemedyShape; tap: ReturnType<typeof useTap> };

/** What one has to show in a dispute, until when, and what happens then. */
export function Evidence({ order, remedy, tap }: Props) {
  const said = useWords(disputeWords);
  const { language } = useLanguage();
  const { consumer } = useSession();
  const name = `evidence/${consumer}/${order}/${remedy.number}`;
  const { files, show, busy, error } = useShowing(name, order, remedy);
  const { dispute } = remedy;
  if (!dispute?.due_at) return null;
  const until = due(remedy, "evidence");
  const then = dispute.then ? said[`then_${dispute.then}`] : said.thenPlatform;
  const hand = async () => {
    const evidence = await show();
    if (evidence?.length) tap.mutate({ what: "evidence", evidence }, { onSuccess: files.clear });
  };
  return (
    <div className="send-back">
      <p>{until ? `${said.until(time(until, language))} ${then}` : said.otherwise(then)}</p>
      {dispute.consumer_evidence > 0 && (
        <p className="quiet">{said.shown(dispute.consumer_evidence)}</p>
      )}
      <PickedFiles files={files} />
      {error && <ProblemLine error={error} />}
      <span className="answers">
        <FilePicker files={files} />
        {files.picked.length > 0 && (
          <Button
            kind="main"
            busy={busy || tap.isPending}
            disabled={!files.ready}
            onClick={() => void hand()}
          >
            {said.show}
          </Button>
        )}
      </span>
    </div>
  );
}
