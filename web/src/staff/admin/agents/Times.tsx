import { Button, Group, NumberInput, Stack, Switch, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { AgentShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { useUndo } from "../common/undo";
import { words as common } from "../common/words";
import { words } from "./words";

const MINUTE = 60;
const MINUTES_MAX = 24 * 60;

type Limits = Pick<AgentShape, "wrap_up_seconds" | "grace_seconds" | "drain_seconds">;
const LIMITS = ["wrap_up_seconds", "grace_seconds", "drain_seconds"] as const;

/** How work comes to an agent and leaves them: their times, and whether they may pick it. */
export function Times({ agent }: { agent: AgentShape }) {
  const said = useWords(words);
  const shared = useWords(common);
  const queries = useQueryClient();
  const tell = useUndo();
  const path = { agent: agent.id };
  const [limits, setLimits] = useState<Limits>(() => {
    const { wrap_up_seconds, grace_seconds, drain_seconds } = agent;
    return { wrap_up_seconds, grace_seconds, drain_seconds };
  });
  const again = () => queries.invalidateQueries({ queryKey: ["admin", "agent", agent.id] });
  const save = (body: Limits) =>
    answer(api.PUT("/v1/admin/agents/{agent}/limits", { params: { path }, body }));
  const saving = useMutation({
    mutationFn: () => save(limits),
    onSuccess: async () => {
      const { wrap_up_seconds, grace_seconds, drain_seconds } = agent;
      tell(shared.saved, () => save({ wrap_up_seconds, grace_seconds, drain_seconds }));
      await again();
    },
  });
  const picking = useMutation({
    mutationFn: (picks: boolean) =>
      answer(api.PUT("/v1/admin/agents/{agent}/picking", { params: { path }, body: { picks } })),
    onSuccess: again,
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.times}
      </Title>
      <Group align="flex-end">
        {LIMITS.map((one) => (
          <NumberInput
            key={one}
            label={said[one]}
            min={0}
            max={MINUTES_MAX}
            decimalScale={2}
            value={limits[one] / MINUTE}
            onChange={(minutes) =>
              setLimits({ ...limits, [one]: Math.round((Number(minutes) || 0) * MINUTE) })
            }
            w={200}
          />
        ))}
        <Button loading={saving.isPending} onClick={() => saving.mutate()}>
          {said.saveTimes}
        </Button>
      </Group>
      <Switch
        label={said.picks}
        checked={agent.picks ?? false}
        disabled={picking.isPending}
        onChange={(event) => picking.mutate(event.currentTarget.checked)}
      />
      {(saving.error ?? picking.error) && <ProblemNote error={saving.error ?? picking.error} />}
    </Stack>
  );
}
