import { Checkbox, Select, Text } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { MessageShape, RemedyShape } from "../../../api/schema";
import { time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { useCode } from "../useCode";
import { answerWords } from "./answerWords";
import type { OrderFile } from "./useOrder";
import { words } from "./words";

const REASONS = ["not_as_claimed", "used", "not_ours", "out_of_time"];

type Props = {
  remedy: RemedyShape;
  file: OrderFile;
  messages: readonly MessageShape[];
  onClose: () => void;
};

/** No, why, and what shows it. */
export function Refuse({ remedy, file, messages, onClose }: Props) {
  const said = useWords(words);
  const more = useWords(answerWords);
  const { language } = useLanguage();
  const code = useCode();
  const [reason, setReason] = useState(REASONS[0] ?? "");
  const [evidence, setEvidence] = useState<string[]>([]);
  const path = { consumer: file.order.consumer, order: file.order.id, remedy: remedy.number };
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
  // A desk shows what its side has sent, and no note of its own.
  const files = messages
    .filter((one) => one.by === "agent" && one.audience !== "internal")
    .flatMap((one) => (one.attachments ?? []).map((id) => ({ id, at: one.at })));
  return (
    <ActPanel name={said.refuse} clock={said.confirmKeys} acting={acting} onClose={onClose}>
      <Select
        size="xs"
        label={said.refuseWhy}
        allowDeselect={false}
        data-autofocus
        value={reason}
        data={REASONS.map((value) => ({ value, label: code(value) }))}
        onChange={(wanted) => wanted && setReason(wanted)}
      />
      {files.length === 0 ? (
        <Text size="xs" className="quiet">
          {more.noEvidence}
        </Text>
      ) : (
        <Checkbox.Group size="xs" label={more.evidence} value={evidence} onChange={setEvidence}>
          {files.map(({ id, at }, index) => (
            <Checkbox
              key={id}
              size="xs"
              mt={4}
              value={id}
              label={more.evidenceFile(index + 1, time(at, language))}
            />
          ))}
        </Checkbox.Group>
      )}
    </ActPanel>
  );
}
