import { Text } from "@mantine/core";
import type { MessageShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { answerWords } from "./answerWords";
import { filesBy } from "./evidence";
import { FileBoxes } from "./FileBoxes";

type Props = {
  label: string;
  messages: readonly MessageShape[];
  chosen: string[];
  onChoose: (chosen: string[]) => void;
};

/** Which files show it: a desk shows what its side has sent, and no note of its own. */
export function EvidenceChoice({ label, messages, chosen, onChoose }: Props) {
  const said = useWords(answerWords);
  const files = filesBy("agent", messages);
  if (files.length === 0) {
    return (
      <Text size="xs" className="quiet">
        {said.noEvidence}
      </Text>
    );
  }
  return <FileBoxes {...{ label, files, chosen, onChoose }} />;
}
