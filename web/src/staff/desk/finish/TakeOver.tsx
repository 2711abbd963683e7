import { Select } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useAct } from "./useAct";
import { words } from "./words";

const REASONS = ["no_progress", "consumer_harmed", "needs_authority"] as const;

/** The platform steps in by its own decision. */
export function TakeOver({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const [reason, setReason] = useState<(typeof REASONS)[number]>("no_progress");
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/take-over", {
          params: { path: pathOf(conversation, about), header },
          body: { reason },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel name={said.takeOver} clock={said.takeOverClock} acting={acting} onClose={onClose}>
      <Select
        size="xs"
        label={said.why}
        allowDeselect={false}
        data-autofocus
        value={reason}
        data={REASONS.map((value) => ({ value, label: said[value] }))}
        onChange={(wanted) => wanted && setReason(wanted as typeof reason)}
      />
    </ActPanel>
  );
}
