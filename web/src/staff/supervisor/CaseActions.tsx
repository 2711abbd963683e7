import { Button, Group, Menu, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { answer, api } from "../../api/client";
import type { WallAgentShape, WallCaseShape } from "../../api/schema";
import { useOnce } from "../../shared/useOnce";
import { useWords } from "../../shared/words";
import { hrefOf } from "../desk/address";
import { useSession } from "../session/session";
import { ProblemNote } from "../shell/ProblemNote";
import { useCalled } from "./CaseCell";
import type { WhisperTarget } from "./Whisper";
import { nameOf } from "./wall";
import { words } from "./words";

/** What tables of a desk's cases need to act on them. */
export type CasesProps = {
  desk: string;
  agents: readonly WallAgentShape[];
  onWhisper: (target: WhisperTarget) => void;
};

/** What a supervisor does about a case: join it, take it, give it to somebody, whisper. */
export function CaseActions({ desk, row, agents, onWhisper }: CasesProps & { row: WallCaseShape }) {
  const said = useWords(words);
  const called = useCalled();
  const me = useSession().agent;
  const queries = useQueryClient();
  const about = { consumer: row.consumer, conversation: row.conversation, case: row.case };
  const moved = async (word: (which: string) => string) => {
    notifications.show({ message: word(called(row)) });
    await queries.invalidateQueries({ queryKey: ["wall"] });
  };
  const give = useOnce();
  const giving = useMutation({
    mutationFn: (agent: string) =>
      give(["give", agent, about], (header) =>
        answer(
          api.POST("/v1/desk/team/{agent}/cases", {
            params: { path: { agent }, header },
            body: { desk, ...about },
          }),
        ),
      ),
    onSuccess: (_, agent) => moved(agent === me ? said.taken : said.moved),
  });
  const returning = useMutation({
    mutationFn: () =>
      give(["return", about], (header) =>
        answer(
          api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/return", {
            params: { path: about, header },
            body: { text: null, attachments: [] },
          }),
        ),
      ),
    onSuccess: () => moved(said.returned),
  });
  const holder = agents.find((agent) => agent.id === row.agent);
  const others = agents.filter(
    (agent) => agent.id !== row.agent && agent.id !== me && agent.presence !== "away",
  );
  const error = giving.error ?? returning.error;
  return (
    <Stack gap={4}>
      <Group gap={4}>
        <Button component={Link} href={hrefOf(row)} size="compact-sm" variant="default">
          {said.join}
        </Button>
        {row.agent !== me && agents.some((agent) => agent.id === me) && (
          <Button
            size="compact-sm"
            variant="default"
            loading={giving.isPending}
            onClick={() => giving.mutate(me)}
          >
            {said.take}
          </Button>
        )}
        {(others.length > 0 || row.agent) && (
          <Menu>
            <Menu.Target>
              <Button size="compact-sm" variant="default">
                {said.give}
              </Button>
            </Menu.Target>
            <Menu.Dropdown aria-label={said.giveTo}>
              {others.map((agent) => (
                <Menu.Item key={agent.id} onClick={() => giving.mutate(agent.id)}>
                  {nameOf(agent)} · {agent.load}/{agent.capacity}
                </Menu.Item>
              ))}
              {row.agent && (
                <Menu.Item onClick={() => returning.mutate()}>{said.toQueue}</Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
        {holder && holder.id !== me && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => onWhisper({ row, to: holder })}
          >
            {said.whisper}
          </Button>
        )}
      </Group>
      {error && <ProblemNote error={error} />}
    </Stack>
  );
}
