import {
  Button,
  Group,
  NativeSelect,
  NumberInput,
  Progress,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { CandidateShape, TrialShape } from "../../../api/schema";
import { useColon, useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { Found } from "./Found";
import { words } from "./words";

const DAYS_MAX = 366;
const DECISIONS_MAX = 5_000_000;

/** A candidate tried on the past: begun here, and what it found. */
export function Trial({ candidate }: { candidate: CandidateShape }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [days, setDays] = useState<string | number>(30);
  const [decisions, setDecisions] = useState<string | number>(200_000);
  const [against, setAgainst] = useState<"in_force" | "recorded">("in_force");
  const running = candidate.trial?.status === "running";
  const beginning = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/admin/candidates/{candidate}/backtest", {
          params: { path: { candidate: candidate.id } },
          body: { days: Number(days) || 1, decisions: Number(decisions) || 1, day: null, against },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["admin", "candidate", candidate.id] }),
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.tryIt}
      </Title>
      <Text c="dimmed" maw={720}>
        {said.tryAbout}
      </Text>
      <Group align="flex-end">
        <NumberInput
          label={said.days}
          min={1}
          max={DAYS_MAX}
          value={days}
          onChange={setDays}
          w={140}
          hideControls
        />
        <NumberInput
          label={said.most}
          min={1}
          max={DECISIONS_MAX}
          value={decisions}
          onChange={setDecisions}
          thousandSeparator
          w={160}
          hideControls
        />
        <NativeSelect
          label={said.against}
          value={against}
          onChange={(event) =>
            setAgainst(event.currentTarget.value === "recorded" ? "recorded" : "in_force")
          }
          data={[
            { value: "in_force", label: said.inForce },
            { value: "recorded", label: said.recorded },
          ]}
        />
        <Button loading={beginning.isPending} disabled={running} onClick={() => beginning.mutate()}>
          {candidate.trial ? said.again : said.begin}
        </Button>
      </Group>
      {beginning.error && <ProblemNote error={beginning.error} />}
      <div aria-live="polite">{candidate.trial && <Outcome trial={candidate.trial} />}</div>
    </Stack>
  );
}

function Outcome({ trial }: { trial: TrialShape }) {
  const said = useWords(words);
  const colon = useColon();
  switch (trial.status) {
    case "running": {
      const percent = Math.round((100 * trial.buckets) / trial.buckets_all);
      return (
        <Stack gap={4} maw={480}>
          <Text>{said.progress(percent)}</Text>
          <Progress value={percent} aria-label={said.trial} />
        </Stack>
      );
    }
    case "lost":
      return <Text>{said.lostWhy}</Text>;
    case "failed":
      return <Text>{`${said.failed}${colon}${trial.error}`}</Text>;
    case "done":
      return trial.found ? <Found found={trial.found} /> : null;
  }
}
