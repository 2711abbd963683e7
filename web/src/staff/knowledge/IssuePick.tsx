import { MultiSelect } from "@mantine/core";
import { ISSUES } from "../desk/codes";
import { useCode } from "../desk/useCode";

const MOST = 24;

/** What cases it helps with; nothing chosen: whatever they are about. */
export function IssuePick({
  label,
  description,
  value,
  onPick,
}: {
  label: string;
  description: string;
  value: readonly string[];
  onPick: (issues: string[]) => void;
}) {
  const code = useCode();
  // What rule packs brought stays chosen although there are no words for it here.
  const known = [...new Set([...ISSUES, ...value])];
  return (
    <MultiSelect
      label={label}
      description={description}
      searchable
      maxValues={MOST}
      value={[...value]}
      data={known.map((issue) => ({ value: issue, label: code(issue) }))}
      onChange={onPick}
    />
  );
}
