import { Select } from "@mantine/core";
import { useCode } from "../useCode";

type Props = {
  label: string;
  reasons: readonly string[];
  value: string;
  onChange: (reason: string) => void;
};

/** Why, as one of these codes in words; where the panel begins. */
export function Reason({ label, reasons, value, onChange }: Props) {
  const code = useCode();
  return (
    <Select
      size="xs"
      label={label}
      allowDeselect={false}
      data-autofocus
      value={value}
      data={reasons.map((one) => ({ value: one, label: code(one) }))}
      onChange={(wanted) => wanted && onChange(wanted)}
    />
  );
}
