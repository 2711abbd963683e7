import { useState } from "react";
import { answer, api } from "../../../api/client";
import { money } from "../../../shared/format";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { useCode } from "../useCode";
import { disputeWords } from "./disputeWords";
import { Reason } from "./Reason";
import { type RemedyProps, remedyPath } from "./remedyActs";
import { words } from "./words";

const REASONS = ["not_convinced", "too_much", "not_owed"] as const;

/** Standing by what somebody else wants to give. */
export function Approve({ remedy, file, onClose }: RemedyProps) {
  const said = useWords(words);
  const colon = useColon();
  const { language } = useLanguage();
  const code = useCode();
  const amount = remedy.approval?.amount_minor ?? remedy.amount_minor;
  const params = { path: remedyPath(remedy, file) };
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/second-approval", {
          params: { ...params, header },
          body: { expected_minor: amount },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel
      name={`${said.approve}${colon}${code(remedy.kind)} ${money(amount, file.remedies.currency, language)}`}
      clock={said.confirmKeys}
      acting={acting}
      onClose={onClose}
    />
  );
}

/** Not standing by it: it is as undecided as before. */
export function Decline({ remedy, file, onClose }: RemedyProps) {
  const said = useWords(disputeWords);
  const [reason, setReason] = useState<string>(REASONS[0]);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/second-refusal", {
          params: { path: remedyPath(remedy, file), header },
          body: { reason },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel name={said.decline} clock={said.declineClock} acting={acting} onClose={onClose}>
      <Reason label={said.why} reasons={REASONS} value={reason} onChange={setReason} />
    </ActPanel>
  );
}
