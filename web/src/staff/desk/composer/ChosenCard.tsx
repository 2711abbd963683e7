import { CloseButton, Group } from "@mantine/core";
import type { CardSaid, SubjectShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { ShownCard } from "../case/ShownCard";
import { words } from "./words";

type Props = { card: CardSaid; consumer: string; subject: SubjectShape; onRemove: () => void };

/** The card that will go with the message. */
export function ChosenCard({ onRemove, ...shown }: Props) {
  const said = useWords(words);
  return (
    <Group gap={4} wrap="nowrap">
      <ShownCard {...shown} />
      <CloseButton size="sm" aria-label={said.removeCard} onClick={onRemove} />
    </Group>
  );
}
