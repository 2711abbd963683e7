import { Anchor, Badge, Group, Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { answer, api } from "../../api/client";
import type { WallAgentShape } from "../../api/schema";
import { time } from "../../shared/format";
import { useOnce } from "../../shared/useOnce";
import { useLanguage, useWords } from "../../shared/words";
import { Do } from "../admin/common/Do";
import { Wide } from "../admin/common/Wide";
import { nameOf } from "./wall";
import { words } from "./words";

/** Who is at the desk, with how much in hand, and until when. */
export function Agents({
  desk,
  agents,
  more,
}: {
  desk: string;
  agents: WallAgentShape[];
  more: boolean;
}) {
  const said = useWords(words);
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.agents}
      </Title>
      {agents.length === 0 && <Text>{said.noAgents}</Text>}
      {agents.length > 0 && (
        <Wide
          label={said.agents}
          head={[said.name, said.presence, said.load, said.shift, said.actions]}
        >
          {agents.map((agent) => (
            <Agent key={agent.id} desk={desk} agent={agent} />
          ))}
        </Wide>
      )}
      {more && <Text c="dimmed">{said.moreAgents}</Text>}
    </Stack>
  );
}

const COLOURS = { available: "teal.9", wrap_up: "blue.9", draining: "grape.9", away: "gray.7" };

function Agent({ desk, agent }: { desk: string; agent: WallAgentShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const give = useOnce();
  const away = () =>
    give("away", (header) =>
      answer(
        api.PUT("/v1/desk/team/{agent}/presence", {
          params: { path: { agent: agent.id }, header },
          body: { presence: "away" },
        }),
      ),
    );
  const shift = agent.shift_ends_at
    ? said.shiftUntil(time(agent.shift_ends_at, language))
    : agent.back_at
      ? said.backAt(time(agent.back_at, language))
      : said.noShift;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {nameOf(agent)}
        {agent.role === "supervisor" && ` · ${said.leads}`}
      </Table.Th>
      <Table.Td>
        <Badge color={COLOURS[agent.presence]} variant="filled">
          {/* Whoever came back early works, though the break is not over. */}
          {agent.because === "break" ? said.onBreak : said[agent.presence]}
        </Badge>
      </Table.Td>
      <Table.Td>
        {agent.load} / {agent.capacity}
      </Table.Td>
      <Table.Td>{shift}</Table.Td>
      <Table.Td>
        <Group gap={4} align="flex-start">
          <Anchor
            component={Link}
            href={`/supervisor/shifts?${new URLSearchParams({ desk, find: nameOf(agent) })}`}
          >
            {said.team}
          </Anchor>
          {agent.presence !== "away" && (
            <Do label={said.setAway} act={away} size="compact-sm" variant="default" />
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
