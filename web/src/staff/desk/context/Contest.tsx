import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { CONTESTING } from "../../../shared/decisionReasons";
import { useWords } from "../../../shared/words";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { disputeWords } from "./disputeWords";
import { EvidenceChoice } from "./EvidenceChoice";
import { Reason } from "./Reason";
import { type RemedyProps, remedyPath } from "./remedyActs";

const DECIDED = ["shown", "not_shown", "consumer_right"] as const;

/** Money that left before anybody looked at the goods: the merchant says it should not have. */
export function Contest({ remedy, file, messages, onClose }: RemedyProps) {
  const said = useWords(disputeWords);
  const [reason, setReason] = useState<string>(CONTESTING[0]);
  const [evidence, setEvidence] = useState<string[]>([]);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/contest", {
          params: { path: remedyPath(remedy, file), header },
          body: { reason, evidence },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel
      name={said.contest}
      clock={said.contestClock}
      acting={acting}
      ready={evidence.length > 0}
      onClose={onClose}
    >
      <Reason label={said.why} reasons={CONTESTING} value={reason} onChange={setReason} />
      <EvidenceChoice
        label={said.whichFiles}
        messages={messages}
        chosen={evidence}
        onChoose={setEvidence}
      />
    </ActPanel>
  );
}

/** Whether the merchant is right; the consumer keeps what they have either way. */
export function DecideContest({ remedy, file, onClose }: RemedyProps) {
  const said = useWords(disputeWords);
  const [upheld, setUpheld] = useState(true);
  const [reason, setReason] = useState<string>(DECIDED[0]);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/contest-decision", {
          params: { path: remedyPath(remedy, file), header },
          body: { upheld, reason },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel
      name={said.decideContest}
      clock={upheld ? said.upheldClock : said.rejectedClock}
      acting={acting}
      onClose={onClose}
    >
      <SegmentedControl
        size="xs"
        aria-label={said.whoIsRight}
        value={upheld ? "upheld" : "rejected"}
        onChange={(wanted) => setUpheld(wanted === "upheld")}
        data={[
          { value: "upheld", label: said.merchantRight },
          { value: "rejected", label: said.merchantWrong },
        ]}
      />
      <Reason label={said.why} reasons={DECIDED} value={reason} onChange={setReason} />
    </ActPanel>
  );
}
