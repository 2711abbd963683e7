import { Group, MultiSelect, Select } from "@mantine/core";
import type { CaseFilter } from "../../api/schema";
import { useWords } from "../../shared/words";
import { useCode } from "../desk/useCode";
import { words } from "./words";

const ISSUES = [
  ...["regulator", "safety", "second_complaint", "dispute", "conduct", "refund", "return"],
  ...["exchange", "quality", "missing_part", "wrong_item", "late_shipping", "late_delivery"],
  ...["wrong_handover", "no_movement", "fake_tracking", "courier", "presale", "price", "offer"],
  ...["content", "order_question", "account", "advice", "other"],
];
const STATUSES = ["queued", "assigned", "waiting_consumer", "follow_up", "referred"] as const;
const SURFACES = ["order", "shop", "video", "live", "search"] as const;
const OUTSIDE = ["regulator", "phone", "chargeback"] as const;

type Due = "any" | "over" | "hour" | "day";
const HOUR = 3_600;

type Props = { filter: CaseFilter; onChange: (changed: CaseFilter) => void };

/** What has to hold of a case; nothing chosen: it does not matter. */
export function FilterForm({ filter, onChange }: Props) {
  const said = useWords(words);
  const code = useCode();
  const named = (values: readonly string[]) =>
    values.map((value) => ({ value, label: code(value) }));
  return (
    <Group align="end" gap="sm">
      <MultiSelect
        size="xs"
        label={said.issues}
        searchable
        maxValues={24}
        value={[...(filter.issues ?? [])]}
        data={named(ISSUES)}
        onChange={(issues) => onChange({ ...filter, issues })}
      />
      <MultiSelect
        size="xs"
        label={said.statuses}
        value={[...(filter.statuses ?? [])]}
        data={named(STATUSES)}
        onChange={(found) => onChange({ ...filter, statuses: of(STATUSES, found) })}
      />
      <MultiSelect
        size="xs"
        label={said.surfaces}
        value={[...(filter.surfaces ?? [])]}
        data={named(SURFACES)}
        onChange={(found) => onChange({ ...filter, surfaces: of(SURFACES, found) })}
      />
      <MultiSelect
        size="xs"
        label={said.outside}
        value={[...(filter.outside ?? [])]}
        data={named(OUTSIDE)}
        onChange={(found) => onChange({ ...filter, outside: of(OUTSIDE, found) })}
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
    </Group>
  );
}

function of<T extends string>(known: readonly T[], found: readonly string[]): T[] {
  return known.filter((one) => found.includes(one));
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
