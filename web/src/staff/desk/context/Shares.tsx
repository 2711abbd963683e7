import { Group, NumberInput, Text } from "@mantine/core";
import { useWords } from "../../../shared/words";
import { useCode } from "../useCode";
import { disputeWords } from "./disputeWords";

/** So many hundredths by party; who is not named bears nothing. */
export type Shared = Readonly<Record<string, number>>;

/** Together they have to be all of it. */
export function isWhole(shared: Shared): boolean {
  return sumOf(shared) === 100;
}

type Props = {
  parties: readonly string[];
  shared: Shared;
  onChange: (shared: Shared) => void;
};

/** Who bears how much, in hundredths. */
export function Shares({ parties, shared, onChange }: Props) {
  const said = useWords(disputeWords);
  const code = useCode();
  return (
    <fieldset className="shares">
      <legend>{said.whoBears}</legend>
      <Group gap="xs" grow>
        {parties.map((party) => (
          <NumberInput
            key={party}
            size="xs"
            label={code(party)}
            suffix="%"
            min={0}
            max={100}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            value={shared[party] ?? 0}
            onChange={(typed) =>
              onChange({ ...shared, [party]: typeof typed === "number" ? typed : 0 })
            }
          />
        ))}
      </Group>
      <Text size="xs" className="quiet" role="status">
        {isWhole(shared) ? "" : said.notWhole(sumOf(shared))}
      </Text>
    </fieldset>
  );
}

function sumOf(shared: Shared): number {
  return Object.values(shared).reduce((sum, percent) => sum + percent, 0);
}
