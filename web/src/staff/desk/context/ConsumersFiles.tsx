import { Text } from "@mantine/core";
import { useWords } from "../../../shared/words";
import type { ConsumersEvidence } from "./evidence";
import { FileBoxes } from "./FileBoxes";
import { words } from "./words";

/** Which of the consumer's files go with what they are given; too few are theirs to send. */
export function ConsumersFiles({ evidence }: { evidence: ConsumersEvidence }) {
  const said = useWords(words);
  const { needed, files, chosen, choose } = evidence;
  if (needed === 0) return null;
  return (
    <>
      {files.length > 0 && (
        <FileBoxes
          label={said.consumersFiles(needed)}
          files={files}
          chosen={chosen}
          onChoose={choose}
        />
      )}
      <Text size="sm" role="status">
        {files.length < needed && said.filesLacking(needed, files.length)}
      </Text>
    </>
  );
}
