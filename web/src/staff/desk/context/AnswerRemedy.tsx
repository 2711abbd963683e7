import { Button, Group } from "@mantine/core";
import { type ComponentType, useState } from "react";
import { answer, api } from "../../../api/client";
import type { MessageShape, RemedyShape } from "../../../api/schema";
import { money } from "../../../shared/format";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { useCode } from "../useCode";
import { answerWords } from "./answerWords";
import { Contest, DecideContest } from "./Contest";
import { Decide } from "./Decide";
import { disputeWords } from "./disputeWords";
import { ObjectTo } from "./ObjectTo";
import { Offer } from "./Offer";
import { Refuse } from "./Refuse";
import { actsOf, type RemedyAct, type RemedyProps, remedyPath } from "./remedyActs";
import { Approve, Decline } from "./SecondPerson";
import { ShowEvidence } from "./ShowEvidence";
import type { OrderFile } from "./useOrder";
import { words } from "./words";

const PANELS: Record<RemedyAct, ComponentType<RemedyProps>> = {
  approve: Approve,
  decline: Decline,
  decide: Decide,
  grant: Grant,
  refuse: Refuse,
  offer: Offer,
  showEvidence: ShowEvidence,
  objectTo: ObjectTo,
  contest: Contest,
  decideContest: DecideContest,
};
const FIRST: readonly RemedyAct[] = ["grant", "approve", "decide"];

type Props = { remedy: RemedyShape; file: OrderFile; messages: readonly MessageShape[] };

/** What this agent's desks can say to a remedy as it stands; each opens in place. */
export function AnswerRemedy({ remedy, file, messages }: Props) {
  const said = { ...useWords(words), ...useWords(answerWords), ...useWords(disputeWords) };
  const { desks } = useSession();
  const [chosen, setChosen] = useState<RemedyAct | null>(null);
  const possible = actsOf(remedy, desks);
  if (possible.length === 0) return null;
  if (chosen && possible.includes(chosen)) {
    const Panel = PANELS[chosen];
    // What was opened meanwhile stays.
    const close = () => setChosen((now) => (now === chosen ? null : now));
    return <Panel {...{ remedy, file, messages }} onClose={close} />;
  }
  return (
    <Group gap="xs">
      {possible.map((act) => (
        <Button
          key={act}
          size="compact-xs"
          variant={FIRST.includes(act) ? "filled" : "default"}
          onClick={() => setChosen(act)}
        >
          {said[act]}
        </Button>
      ))}
    </Group>
  );
}

/** Yes to it as it stands. */
function Grant({ remedy, file, onClose }: RemedyProps) {
  const said = useWords(words);
  const colon = useColon();
  const { language } = useLanguage();
  const code = useCode();
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/grant", {
          params: { path: remedyPath(remedy, file), header },
          body: { expected_minor: remedy.amount_minor },
        }),
      ),
    onClose,
  );
  const amount = money(remedy.amount_minor, file.remedies.currency, language);
  return (
    <ActPanel
      name={`${said.grant}${colon}${code(remedy.kind)} ${amount}`}
      clock={said.confirmKeys}
      acting={acting}
      onClose={onClose}
    />
  );
}
