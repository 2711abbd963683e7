import { Select } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { ClosingReason } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { useCode } from "../useCode";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useAct } from "./useAct";
import { words } from "./words";

const REASONS: ClosingReason[] = [
  ...(["solved", "informed", "kept_promise"] as const),
  ...(["no_fault", "refused", "duplicate"] as const),
];
const ASKED_ONLY = ["advice", "order_question", "account"];

/** It is done; the reason is what it most likely is. */
export function Resolve({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const code = useCode();
  const likely = ASKED_ONLY.includes(about.issue) ? "informed" : "solved";
  const [reason, setReason] = useState<ClosingReason>(likely);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/resolution", {
          params: { path: pathOf(conversation, about), header },
          body: { reason },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel name={said.resolve} clock={said.resolveClock} acting={acting} onClose={onClose}>
      <Select
        size="xs"
        label={said.reason}
        allowDeselect={false}
        data-autofocus
        value={reason}
        data={REASONS.map((value) => ({ value, label: code(value) }))}
        onChange={(wanted) => wanted && setReason(wanted as ClosingReason)}
      />
    </ActPanel>
  );
}
