import { Checkbox, Text } from "@mantine/core";
import type { MessageShape } from "../../../api/schema";
import { time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { answerWords } from "./answerWords";

type Props = {
  label: string;
  messages: readonly MessageShape[];
  chosen: string[];
  onChoose: (chosen: string[]) => void;
};

/** Which files show it: a desk shows what its side has sent, and no note of its own. */
export function EvidenceChoice({ label, messages, chosen, onChoose }: Props) {
  const said = useWords(answerWords);
  const { language } = useLanguage();
  const files = messages
    .filter((one) => one.by === "agent" && one.audience !== "internal")
    .flatMap((one) => (one.attachments ?? []).map((id) => ({ id, at: one.at })));
  if (files.length === 0) {
    return (
      <Text size="xs" className="quiet">
        {said.noEvidence}
      </Text>
    );
  }
  return (
    <Checkbox.Group size="xs" label={label} value={chosen} onChange={onChoose}>
      {files.map(({ id, at }, index) => (
        <Checkbox
          key={id}
          size="xs"
          mt={4}
          value={id}
          label={said.evidenceFile(index + 1, time(at, language))}
        />
      ))}
    </Checkbox.Group>
  );
}
