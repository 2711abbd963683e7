import { Text } from "@mantine/core";
import type { WallCaseShape } from "../../api/schema";
import { plainText } from "../../shared/plainText";
import { useWords } from "../../shared/words";
import { useCode } from "../desk/useCode";
import { words } from "./words";

/** Which case it is: whose, about what, and what was said last. */
export function CaseCell({ row }: { row: WallCaseShape }) {
  const called = useCalled();
  return (
    <>
      <bdi>{called(row)}</bdi>
      {row.said?.text && (
        <Text size="xs" c="dimmed" lineClamp={1} maw={320}>
          <bdi>{plainText(row.said.text)}</bdi>
        </Text>
      )}
    </>
  );
}

/** What a case is called where it is not to be taken for another. */
export function useCalled() {
  const said = useWords(words);
  const code = useCode();
  return (row: WallCaseShape) =>
    `${plainText(row.name || said.consumer)} · ${code(row.issue)} #${row.case}`;
}
