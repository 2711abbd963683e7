import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { disputeWords } from "./disputeWords";
import { EvidenceChoice } from "./EvidenceChoice";
import { type RemedyProps, remedyPath } from "./remedyActs";

/** What the merchant has to show in a dispute. */
export function ShowEvidence({ remedy, file, messages, onClose }: RemedyProps) {
  const said = useWords(disputeWords);
  const [evidence, setEvidence] = useState<string[]>([]);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/evidence", {
          params: { path: remedyPath(remedy, file), header },
          body: { evidence },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel
      name={said.showEvidence}
      clock={said.evidenceClock}
      acting={acting}
      ready={evidence.length > 0}
      onClose={onClose}
    >
      <EvidenceChoice
        label={said.whichFiles}
        messages={messages}
        chosen={evidence}
        onChoose={setEvidence}
      />
    </ActPanel>
  );
}
