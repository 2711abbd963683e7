import { Alert, Button, Group, Text } from "@mantine/core";
import { useWords } from "../../shared/words";
import { words } from "./words";

/** That there is something which nobody else sees, and whether others were quicker. */
export function Unpublished({
  seen,
  standing,
  changed,
  onOver,
  onDiscard,
}: {
  /** The version over which it is written, and the one that stands; 0: none yet. */
  seen: number;
  standing: number;
  changed: boolean;
  onOver: (version: number) => void;
  onDiscard: () => void;
}) {
  const said = useWords(words);
  if (!changed) return null;
  const overtaken = seen !== standing;
  return (
    <Alert color={overtaken ? "red" : "blue"} variant="light" role="status">
      <Group gap="xs">
        <Text size="sm">{overtaken ? said.overtaken(standing) : said.draft}</Text>
        {overtaken && (
          <Button size="compact-sm" variant="default" onClick={() => onOver(standing)}>
            {said.mineOver(standing)}
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={onDiscard}>
          {said.discard}
        </Button>
      </Group>
    </Alert>
  );
}
