import { Text } from "@mantine/core";
import { useWords } from "../../../shared/words";
import { useCode } from "../useCode";
import { Part } from "./Part";
import type { OrderFile } from "./useOrder";
import { words } from "./words";

const SIGNS = ["velocity", "linked_accounts", "evidence_reused", "watched"] as const;

/** Why money leaves later here, as reasons and never as a score. */
export function Risk({ file }: { file: OrderFile }) {
  const said = useWords(words);
  const code = useCode();
  const found = new Set(file.remedies.remedies.flatMap((one) => one.risks ?? []));
  const words_ = [...found].map((name) => {
    const known = SIGNS.find((one) => one === name);
    return known ? said[known] : code(name);
  });
  return (
    <Part title={said.risk}>
      {words_.length === 0 ? (
        <Text size="xs" className="quiet">
          {said.noRisk}
        </Text>
      ) : (
        <ul className="risks">
          {words_.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
    </Part>
  );
}
