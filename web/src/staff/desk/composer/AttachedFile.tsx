import { CloseButton, Group, Text } from "@mantine/core";
import type { AttachmentShape } from "../../../api/schema";
import { plainText } from "../../../shared/plainText";
import { useWords } from "../../../shared/words";
import { words } from "./words";

type Props = { file: AttachmentShape; href: string; onRemove: () => void };

/** A file that will go with the message: as it was taken, or by its name. */
export function AttachedFile({ file, href, onRemove }: Props) {
  const said = useWords(words);
  const name = plainText(file.name);
  return (
    <Group gap={4} wrap="nowrap" className="attached">
      {file.type.startsWith("image/") ? (
        <img src={href} alt={name} />
      ) : (
        <Text size="xs" truncate maw={160}>
          <bdi>{name}</bdi>
        </Text>
      )}
      <CloseButton size="sm" aria-label={said.remove(name)} onClick={onRemove} />
    </Group>
  );
}
