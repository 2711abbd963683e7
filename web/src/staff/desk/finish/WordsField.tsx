import { Textarea } from "@mantine/core";

const LENGTH_MAX = 20_000;

type Props = {
  label: string;
  written: string;
  write: (text: string) => void;
  readOnly: boolean;
  /** The cursor is in it when the panel opens. */
  first?: boolean;
  lengthMax?: number;
};

/** Where the words of a step are written. */
export function WordsField({
  label,
  written,
  write,
  readOnly,
  first = true,
  lengthMax = LENGTH_MAX,
}: Props) {
  return (
    <Textarea
      size="xs"
      label={label}
      data-autofocus={first || undefined}
      autosize
      minRows={2}
      maxRows={6}
      maxLength={lengthMax}
      value={written}
      readOnly={readOnly}
      onChange={(event) => write(event.currentTarget.value)}
    />
  );
}
