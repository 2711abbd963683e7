import { Alert, Button, Checkbox, Group, Modal, MultiSelect, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { answer, api, newKey, once } from "../../../api/client";
import { Problem } from "../../../api/problems";
import type { MateShape } from "../../../api/schema";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { problemWords } from "../../shell/problemWords";
import { nameOf } from "../wall";
import { ShiftTimes } from "./ShiftTimes";
import { useDayName } from "./WeekGrid";
import { dayAfter, type Plan, shiftOn } from "./week";
import { words } from "./words";

/** For whom and on which days (their midnights) shifts are to be planned. */
export type Wanted = { agents: readonly string[]; days: readonly number[] };

type Result = { done: number; not: readonly { agent: string; day: number; why: Problem }[] };

const USUAL: Plan = {
  begins: "09:00",
  ends: "18:00",
  breaks: [{ begins: "12:00", ends: "13:00" }],
};

type Props = {
  desk: string;
  mates: readonly MateShape[];
  days: readonly Date[];
  wanted: Wanted;
  onClose: () => void;
};

/** The same shift for several people on several days; what cannot be is told one by one. */
export function PlanShifts({ desk, mates, days, wanted, onClose }: Props) {
  const said = useWords(words);
  const dayName = useDayName();
  const queries = useQueryClient();
  const [agents, setAgents] = useState<string[]>([...wanted.agents]);
  const [chosen, setChosen] = useState<string[]>(wanted.days.map(String));
  const [plan, setPlan] = useState<Plan>(USUAL);
  const keys = useRef(new Map<string, string>());
  const planning = useMutation({
    mutationFn: () => planAll(agents, chosen.map(Number), plan, keys.current),
    onSuccess: async (result) => {
      await queries.invalidateQueries({ queryKey: ["team", desk] });
      await queries.invalidateQueries({ queryKey: ["staffing", desk] });
      if (result.not.length === 0) onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    planning.mutate();
  };
  const count = agents.length * chosen.length;
  const now = new Date();
  return (
    <Modal
      opened
      onClose={onClose}
      title={said.planTitle}
      closeButtonProps={{ "aria-label": said.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <MultiSelect
            label={said.who}
            searchable
            required
            value={agents}
            data={mates.map(({ name, agent }) => ({
              value: agent.id,
              label: nameOf({ id: agent.id, name }),
            }))}
            onChange={setAgents}
          />
          <Checkbox.Group label={said.days} value={chosen} onChange={setChosen} required>
            <Group gap="xs" mt={4}>
              {days
                .filter((one) => dayAfter(one, 1) > now)
                .map((one) => (
                  <Checkbox
                    key={one.getTime()}
                    value={String(one.getTime())}
                    label={dayName(one)}
                  />
                ))}
            </Group>
          </Checkbox.Group>
          <ShiftTimes plan={plan} onChange={setPlan} />
          {planning.data && <Told result={planning.data} mates={mates} />}
          <Group justify="flex-end">
            <Button type="submit" loading={planning.isPending} disabled={count === 0}>
              {said.go(count)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What became of it, where not all of it did. */
function Told({ result, mates }: { result: Result; mates: readonly MateShape[] }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const colon = useColon();
  const dayName = useDayName();
  if (result.not.length === 0) return null;
  const named = (id: string) =>
    nameOf({ id, name: mates.find((one) => one.agent.id === id)?.name ?? "" });
  return (
    <Alert color="red" variant="light" role="alert">
      <Text size="sm">
        {said.done(result.done)} {said.notDone(result.not.length)}
      </Text>
      <ul>
        {result.not.map(({ agent, day, why }) => (
          <li key={`${agent}/${day}`}>
            {said.shiftOf(named(agent), dayName(new Date(day)))}
            {colon}
            {problemWords(why, language)}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** One after the other, each with the same key until it is answered, from `keys`. A shift that is
 * planned already is planned as well: it counts once. */
async function planAll(
  agents: readonly string[],
  days: readonly number[],
  plan: Plan,
  keys: Map<string, string>,
): Promise<Result> {
  let done = 0;
  const not: { agent: string; day: number; why: Problem }[] = [];
  for (const agent of agents) {
    for (const day of [...days].sort((one, other) => one - other)) {
      const body = shiftOn(new Date(day), plan);
      const what = JSON.stringify([agent, body]);
      const key = keys.get(what) ?? newKey();
      keys.set(what, key);
      try {
        await answer(
          api.POST("/v1/desk/team/{agent}/shifts", {
            params: { path: { agent }, header: once(key) },
            body,
          }),
        );
        keys.delete(what);
        done += 1;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.refuses) keys.delete(what);
        not.push({ agent, day, why: error });
      }
    }
  }
  return { done, not };
}
