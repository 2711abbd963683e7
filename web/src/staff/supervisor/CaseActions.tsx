import { Button, Group, Menu, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { answer, api, newKey, once } from "../../api/client";
import { Problem } from "../../api/problems";
import type { QueuedShape, WallAgentShape } from "../../api/schema";
import { answered, keyOf } from "../../shared/attempt";
import { useDraft } from "../../shared/drafts";
import { useWords } from "../../shared/words";
import { hrefOf } from "../desk/address";
import { useSession } from "../session/session";
import { ProblemNote } from "../shell/ProblemNote";
import { nameOf } from "./wall";
import { words } from "./words";

/** What a supervisor does about a case: join it, take it, give it to somebody, whisper. */
export function CaseActions({
  desk,
  row,
  agents,
}: {
  desk: string;
  row: QueuedShape;
  agents: WallAgentShape[];
}) {
  const said = useWords(words);
  const me = useSession().agent;
  const queries = useQueryClient();
  const about = { consumer: row.consumer, conversation: row.conversation, case: row.case };
  const moved = async () => {
    notifications.show({ message: said.moved });
    await queries.invalidateQueries({ queryKey: ["wall"] });
  };
  const giving = useMutation({
    mutationFn: (agent: string) =>
      answer(
        api.POST("/v1/desk/team/{agent}/cases", {
          params: { path: { agent }, header: once(newKey()) },
          body: { desk, ...about },
        }),
      ),
    onSuccess: moved,
  });
  const returning = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/return", {
          params: { path: about, header: once(newKey()) },
          body: { text: null, attachments: [] },
        }),
      ),
    onSuccess: moved,
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
        {holder && holder.id !== me && <Whisper row={row} to={holder} />}
      </Group>
      {error && <ProblemNote error={error} />}
    </Stack>
  );
}

function Whisper({ row, to }: { row: QueuedShape; to: WallAgentShape }) {
  const said = useWords(words);
  const [opened, { open, close }] = useDisclosure();
  const { agent } = useSession();
  const name = `whisper.${agent}.${row.conversation}.${row.case}`;
  const [text, setText] = useDraft(name);
  const saying = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/messages", {
          params: {
            path: { consumer: row.consumer, conversation: row.conversation, case: row.case },
            // Trying again says it once; another text, or to somebody else, is another one.
            header: once(keyOf(name, [to.id, text])),
          },
          body: {
            audience: "internal",
            text,
            to: to.id,
            attachments: [],
            card: null,
            mentions: [],
          },
        }),
      ),
    onSuccess: () => {
      answered(name);
      setText("");
      close();
      notifications.show({ message: said.sent });
    },
    onError: (error) => {
      if (!(error instanceof Problem)) throw error;
      // After a no it is a new attempt.
      if (error.refuses) answered(name);
    },
  });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open}>
        {said.whisper}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={said.whisper}
        closeButtonProps={{ "aria-label": said.close }}
      >
        <Stack>
          <Text size="sm">{said.whisperTo(nameOf(to))}</Text>
          <Textarea
            label={said.note}
            autosize
            minRows={3}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            data-autofocus
          />
          {saying.error && <ProblemNote error={saying.error} />}
          <Button
            disabled={!text.trim()}
            loading={saying.isPending}
            onClick={() => saying.mutate()}
          >
            {said.sendWhisper}
          </Button>
        </Stack>
      </Modal>
    </>
  );
}
