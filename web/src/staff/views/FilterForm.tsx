import { Button, Group, MultiSelect, Select } from "@mantine/core";
import type { CaseFilter } from "../../api/schema";
import { useWords } from "../../shared/words";
import { ISSUES } from "../desk/codes";
import { useCode } from "../desk/useCode";
import { words } from "./words";

const STATUSES = ["queued", "assigned", "waiting_consumer", "follow_up", "referred"] as const;
const SURFACES = ["order", "shop", "video", "live", "search"] as const;
const OUTSIDE = ["regulator", "phone", "chargeback"] as const;

type Due = "any" | "over" | "hour" | "day";
const HOUR = 3_600;
const ISSUES_MAX = 24;

type Props = { filter: CaseFilter; onChange: (changed: CaseFilter) => void };

/** What has to hold of a case; nothing chosen: it does not matter. */
export function FilterForm({ filter, onChange }: Props) {
  const said = useWords(words);
  return (
    <Group align="end" gap="sm" className="filters" role="group" aria-label={said.filter}>
      <Several
        label={said.issues}
        known={[...ISSUES, "remedy_review"]}
        chosen={filter.issues}
        onChange={(issues) => onChange({ ...filter, issues })}
      />
      <Several
        label={said.statuses}
        known={STATUSES}
        chosen={filter.statuses}
        onChange={(statuses) => onChange({ ...filter, statuses })}
      />
      <Several
        label={said.surfaces}
        known={SURFACES}
        chosen={filter.surfaces}
        onChange={(surfaces) => onChange({ ...filter, surfaces })}
      />
      <Several
        label={said.outside}
        known={OUTSIDE}
        chosen={filter.outside}
        onChange={(outside) => onChange({ ...filter, outside })}
      />
      <Select
        size="xs"
        label={said.due}
        allowDeselect={false}
        value={dueOf(filter)}
        data={[
          { value: "any", label: said.dueAny },
          { value: "over", label: said.dueOver },
          { value: "hour", label: said.dueHour },
          { value: "day", label: said.dueDay },
        ]}
        onChange={(wanted) => onChange({ ...filter, ...withDue(wanted as Due) })}
      />
      {!isEmpty(filter) && (
        <Button size="xs" variant="subtle" onClick={() => onChange({})}>
          {said.clear}
        </Button>
      )}
    </Group>
  );
}

type SeveralProps<T extends string> = {
  label: string;
  known: readonly T[];
  chosen: readonly string[] | undefined;
  onChange: (chosen: T[]) => void;
};

function Several<T extends string>({ label, known, chosen = [], onChange }: SeveralProps<T>) {
  const said = useWords(words);
  const code = useCode();
  return (
    <MultiSelect
      size="xs"
      label={label}
      placeholder={chosen.length > 0 ? "" : said.any}
      searchable
      hidePickedOptions
      nothingFoundMessage={said.notFound}
      maxValues={ISSUES_MAX}
      value={[...chosen]}
      data={known.map((value) => ({ value, label: code(value) }))}
      onChange={(found) => onChange(known.filter((one) => found.includes(one)))}
    />
  );
}

function isEmpty(filter: CaseFilter): boolean {
  const { issues = [], statuses = [], surfaces = [], outside = [] } = filter;
  return (
    [issues, statuses, surfaces, outside].every((one) => one.length === 0) &&
    dueOf(filter) === "any"
  );
}

function dueOf(filter: CaseFilter): Due {
  if (filter.overdue) return "over";
  if (filter.due_within_seconds === null || filter.due_within_seconds === undefined) return "any";
  return filter.due_within_seconds <= HOUR ? "hour" : "day";
}

function withDue(due: Due): Pick<CaseFilter, "overdue" | "due_within_seconds"> {
  const within = { any: null, over: null, hour: HOUR, day: 24 * HOUR }[due];
  return { overdue: due === "over", due_within_seconds: within };
}
