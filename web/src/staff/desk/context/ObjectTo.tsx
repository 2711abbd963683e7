import { useState } from "react";
import { answer, api } from "../../../api/client";
import { OBJECTING } from "../../../shared/decisionReasons";
import { useWords } from "../../../shared/words";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { disputeWords } from "./disputeWords";
import { Reason } from "./Reason";
import { type RemedyProps, remedyPath } from "./remedyActs";

/** The merchant does not agree with what was decided: once, and somebody else looks again. */
export function ObjectTo({ remedy, file, onClose }: RemedyProps) {
  const said = useWords(disputeWords);
  const [reason, setReason] = useState<string>(OBJECTING[0]);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/objection", {
          params: { path: remedyPath(remedy, file), header },
          body: { reason },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel name={said.objectTo} clock={said.objectClock} acting={acting} onClose={onClose}>
      <Reason label={said.why} reasons={OBJECTING} value={reason} onChange={setReason} />
    </ActPanel>
  );
}
