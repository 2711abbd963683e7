import { useState } from "react";
import { answer, api } from "../../../api/client";
import { REFUSING } from "../../../shared/decisionReasons";
import { useWords } from "../../../shared/words";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { answerWords } from "./answerWords";
import { EvidenceChoice } from "./EvidenceChoice";
import { Reason } from "./Reason";
import { type RemedyProps, remedyPath } from "./remedyActs";
import { words } from "./words";

/** No, why, and what shows it. */
export function Refuse({ remedy, file, messages, onClose }: RemedyProps) {
  const said = useWords(words);
  const more = useWords(answerWords);
  const [reason, setReason] = useState<string>(REFUSING[0]);
  const [evidence, setEvidence] = useState<string[]>([]);
  const path = remedyPath(remedy, file);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/refusal", {
          params: { path, header },
          body: { reason, facts: [reason], evidence },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel name={said.refuse} clock={said.confirmKeys} acting={acting} onClose={onClose}>
      <Reason label={said.refuseWhy} reasons={REFUSING} value={reason} onChange={setReason} />
      <EvidenceChoice
        label={more.evidence}
        messages={messages}
        chosen={evidence}
        onChoose={setEvidence}
      />
    </ActPanel>
  );
}
