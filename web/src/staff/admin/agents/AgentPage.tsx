import {
  Anchor,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import type { AgentShape } from "../../../api/schema";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { useCode } from "../../desk/useCode";
import { ProblemNote } from "../../shell/ProblemNote";
import { Asked } from "../common/Asked";
import { useUndo } from "../common/undo";
import { words as common } from "../common/words";
import { Authority } from "./Authority";
import { InHand } from "./InHand";
import { LogIns } from "./LogIns";
import { Memberships } from "./Memberships";
import { Person } from "./Person";
import { Times } from "./Times";
import { useSkills } from "./useSkills";
import { words } from "./words";

const CAPACITY_MAX = 20;

/** One agent: what they can do, where they belong, how they come in. */
export function AgentPage({ agent }: { agent: string }) {
  const said = useWords(words);
  const query = useQuery({
    queryKey: ["admin", "agent", agent],
    queryFn: () => answer(api.GET("/v1/admin/agents/{agent}", { params: { path: { agent } } })),
  });
  return (
    <Asked query={query}>
      {(found) => (
        <Frame
          title={found.name || said.unnamed}
          about={`${said[found.presence]} · ${found.id}`}
          actions={
            <>
              <Anchor component={Link} href={`/admin/story/agent/${agent}`}>
                {said.story}
              </Anchor>
              <Anchor component={Link} href="/admin/agents">
                {said.all}
              </Anchor>
            </>
          }
        >
          <Memberships agent={found} />
          <LogIns agent={found} />
          {/* What was typed goes when what is shown there changes, not with each case they take. */}
          <Abilities
            key={`able/${found.skills} ${found.languages} ${found.capacity}`}
            agent={found}
          />
          <Times
            key={`times/${found.wrap_up_seconds} ${found.grace_seconds} ${found.drain_seconds}`}
            agent={found}
          />
          <Authority agent={found} />
          <InHand agent={found} />
          <Shifts agent={found} />
          <Person agent={found} />
        </Frame>
      )}
    </Asked>
  );
}

function Abilities({ agent }: { agent: AgentShape }) {
  const said = useWords(words);
  const shared = useWords(common);
  const queries = useQueryClient();
  const tell = useUndo();
  const code = useCode();
  const known = useSkills();
  const [skills, setSkills] = useState<readonly string[]>(agent.skills);
  const [languages, setLanguages] = useState(agent.languages.join(", "));
  const [capacity, setCapacity] = useState<string | number>(agent.capacity);
  const path = { agent: agent.id };
  const save = async (told: { skills: string[]; languages: string[]; capacity: number }) => {
    const { capacity: places, ...able } = told;
    await answer(api.PUT("/v1/admin/agents/{agent}/skills", { params: { path }, body: able }));
    await answer(
      api.PUT("/v1/admin/agents/{agent}/capacity", {
        params: { path },
        body: { capacity: places },
      }),
    );
  };
  const saving = useMutation({
    mutationFn: () =>
      save({
        skills: [...skills],
        languages: listed(languages),
        capacity: Number(capacity),
      }),
    onSuccess: async () => {
      const { skills, languages, capacity } = agent;
      tell(shared.saved, () => save({ skills, languages, capacity }));
      await queries.invalidateQueries({ queryKey: ["admin", "agent", agent.id] });
    },
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.abilities}
      </Title>
      <Group align="flex-end">
        <MultiSelect
          label={said.skills}
          searchable
          hidePickedOptions
          nothingFoundMessage={said.noSkill}
          value={[...skills]}
          data={[...new Set([...known, ...skills])].map((one) => ({
            value: one,
            label: code(one),
          }))}
          miw={280}
          maw={560}
          onChange={setSkills}
        />
        <TextInput
          label={said.languages}
          description={said.listed}
          value={languages}
          w={140}
          onChange={(event) => setLanguages(event.currentTarget.value)}
        />
        <NumberInput
          label={said.capacity}
          min={0}
          max={CAPACITY_MAX}
          value={capacity}
          onChange={setCapacity}
          w={120}
          hideControls
        />
        <Button
          loading={saving.isPending}
          disabled={typeof capacity !== "number"}
          onClick={() => saving.mutate()}
        >
          {said.save}
        </Button>
      </Group>
      {saving.error && <ProblemNote error={saving.error} />}
    </Stack>
  );
}

function Shifts({ agent }: { agent: AgentShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const query = new URLSearchParams({
    desk: agent.memberships[0]?.desk ?? "platform",
    find: agent.name || agent.id.slice(0, 8),
  });
  return (
    <Stack gap={4}>
      <Title order={2} size="h4">
        {said.shifts}
      </Title>
      <Anchor component={Link} href={`/admin/shifts?${query}`}>
        {said.planShifts}
      </Anchor>
      {agent.shifts.length === 0 && <Text>{said.noShifts}</Text>}
      {agent.shifts.map((one) => (
        <Text key={one.starts_at}>
          {`${exactly(one.starts_at, language)} – ${exactly(one.ends_at, language)}`}
        </Text>
      ))}
    </Stack>
  );
}

function listed(text: string): string[] {
  return [...new Set(text.split(/[,，、\s]+/).filter((one) => one !== ""))];
}
