import { Checkbox } from "@mantine/core";
import { time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { answerWords } from "./answerWords";
import { EVIDENCE_MAX, type SentFile } from "./evidence";

type Props = {
  label: string;
  files: readonly SentFile[];
  chosen: string[];
  onChoose: (chosen: string[]) => void;
};

/** Files to choose from, by when they were sent. */
export function FileBoxes({ label, files, chosen, onChoose }: Props) {
  const said = useWords(answerWords);
  const { language } = useLanguage();
  return (
    <Checkbox.Group
      size="xs"
      label={label}
      maxSelectedValues={EVIDENCE_MAX}
      value={chosen}
      onChange={onChoose}
    >
      {files.map(({ id, at }, index) => (
        <Checkbox
          key={id}
          size="xs"
          mt={8}
          value={id}
          label={said.evidenceFile(index + 1, time(at, language))}
        />
      ))}
    </Checkbox.Group>
  );
}
