import { Button, Fieldset, Group, Stack, TextInput } from "@mantine/core";
import { useWords } from "../../../shared/words";
import type { Plan, Times } from "./week";
import { words } from "./words";

const BREAKS_MAX = 4;
const ANOTHER: Times = { begins: "15:00", ends: "15:15" };

/** From when to when, and when there is a break. */
export function ShiftTimes({ plan, onChange }: { plan: Plan; onChange: (plan: Plan) => void }) {
  const said = useWords(words);
  const change = (told: Partial<Plan>) => onChange({ ...plan, ...told });
  const { begins, ends, breaks } = plan;
  const changed = (number: number, told: Partial<Times>) =>
    change({ breaks: breaks.map((one, at) => (at === number ? { ...one, ...told } : one)) });
  return (
    <Stack gap="xs">
      <Group>
        <Time label={said.begins} value={begins} onChange={(time) => change({ begins: time })} />
        <Time
          label={said.ends}
          value={ends}
          {...(ends <= begins && { description: said.nextDay })}
          onChange={(time) => change({ ends: time })}
        />
      </Group>
      {breaks.map((one, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a break is known by its place
        <Fieldset key={number} legend={said.break(number + 1)} p="xs">
          <Group align="flex-end">
            <Time
              label={said.from}
              value={one.begins}
              onChange={(time) => changed(number, { begins: time })}
            />
            <Time
              label={said.to}
              value={one.ends}
              onChange={(time) => changed(number, { ends: time })}
            />
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => change({ breaks: breaks.filter((_, at) => at !== number) })}
            >
              {said.removeBreak(number + 1)}
            </Button>
          </Group>
        </Fieldset>
      ))}
      {breaks.length < BREAKS_MAX && (
        <div>
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => change({ breaks: [...breaks, ANOTHER] })}
          >
            {said.addBreak}
          </Button>
        </div>
      )}
    </Stack>
  );
}

function Time({
  label,
  value,
  description,
  onChange,
}: {
  label: string;
  value: string;
  description?: string;
  onChange: (time: string) => void;
}) {
  return (
    <TextInput
      type="time"
      label={label}
      description={description}
      required
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
