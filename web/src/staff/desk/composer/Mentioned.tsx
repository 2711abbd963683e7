import { Group, Pill, Text } from "@mantine/core";
import { useWords } from "../../../shared/words";
import { mentionWords } from "./mentionWords";
import { useColleagues } from "./useColleagues";

type Props = { mentions: readonly string[]; desk: string; onRemove: (agent: string) => void };

/** Who will be told of the message. */
export function Mentioned({ mentions, desk, onRemove }: Props) {
  const said = useWords(mentionWords);
  const { people } = useColleagues(desk);
  const nameOf = (agent: string) =>
    people.find((one) => one.agent === agent)?.name ?? said.unnamed(agent.slice(-4));
  return (
    <Group gap={4}>
      <Text size="xs" className="quiet">
        {said.told}
      </Text>
      {mentions.map((agent) => (
        <Pill
          key={agent}
          withRemoveButton
          removeButtonProps={{
            "aria-label": said.remove(nameOf(agent)),
            "aria-hidden": false,
            tabIndex: 0,
          }}
          onRemove={() => onRemove(agent)}
        >
          {nameOf(agent)}
        </Pill>
      ))}
    </Group>
  );
}
