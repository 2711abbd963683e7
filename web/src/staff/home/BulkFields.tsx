import { FileInput, NativeSelect, NumberInput, Textarea } from "@mantine/core";
import { CONTESTING, OBJECTING, REFUSING } from "../../shared/decisionReasons";
import { useWords } from "../../shared/words";
import type { Doing, Filled } from "./bulk";
import { bulkWords } from "./bulkWords";
import { useCode } from "./codes";

const REASONS = { refuse: REFUSING, object: OBJECTING, contest: CONTESTING } as const;
const FACTS = ["seen_in_pictures", "seen_in_tracking", "said_when_sold"] as const;
const TEXT_MAX = 2_000;

type Props = { doing: Doing; filled: Filled; change: (filled: Filled) => void };

/** What an action needs to know; the same for all that is chosen. */
export function BulkFields({ doing, filled, change }: Props) {
  const said = useWords(bulkWords);
  const code = useCode();
  const options = (codes: readonly string[]) => [
    { value: "", label: "–" },
    ...codes.map((one) => ({ value: one, label: code(one) })),
  ];
  return (
    <>
      {(doing === "refuse" || doing === "object" || doing === "contest") && (
        <NativeSelect
          label={said.reason}
          required
          value={filled.reason}
          onChange={(event) => change({ ...filled, reason: event.currentTarget.value })}
          data={options(REASONS[doing])}
        />
      )}
      {doing === "refuse" && (
        <NativeSelect
          label={said.fact}
          required
          value={filled.fact}
          onChange={(event) => change({ ...filled, fact: event.currentTarget.value })}
          data={options(FACTS)}
        />
      )}
      {doing === "offer" && (
        <NumberInput
          label={said.percent}
          required
          min={1}
          max={99}
          value={filled.percent}
          onChange={(value) => change({ ...filled, percent: Number(value) || 0 })}
        />
      )}
      {doing === "answer" && (
        <Textarea
          label={said.text}
          required
          autosize
          minRows={4}
          maxLength={TEXT_MAX}
          value={filled.text}
          onChange={(event) => change({ ...filled, text: event.currentTarget.value })}
        />
      )}
      {doing === "contest" && (
        <FileInput
          label={said.file}
          description={said.fileWhy}
          required
          accept="image/*,application/pdf"
          value={filled.file}
          onChange={(file) => change({ ...filled, file })}
        />
      )}
    </>
  );
}
