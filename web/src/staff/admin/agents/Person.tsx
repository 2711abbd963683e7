import { Alert, Group, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { AgentShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { Confirm } from "../common/Confirm";
import { Do } from "../common/Do";
import { words } from "./words";

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const ACCOUNTS_MAX = 16;

/** Who they are: their name, accounts close to them, and what is done about them as a person. */
export function Person({ agent }: { agent: AgentShape }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const path = { agent: agent.id };
  const again = () => queries.invalidateQueries({ queryKey: ["admin", "agent", agent.id] });
  const lift = async () => {
    await answer(api.POST("/v1/desk/agents/{agent}/reveal-alarm/lift", { params: { path } }));
    await again();
  };
  const away = async () => {
    const body = { presence: "away" as const };
    await answer(api.PUT("/v1/admin/agents/{agent}/presence", { params: { path }, body }));
    await again();
  };
  const erase = async () => {
    await answer(api.POST("/v1/admin/agents/{agent}/erasure", { params: { path } }));
    await again();
  };
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.person}
      </Title>
      {agent.reveal_alarm && (
        <Alert color="red" variant="light">
          <Group>
            <Text size="sm">{said.alarm}</Text>
            <Do label={said.liftAlarm} act={lift} size="compact-sm" variant="default" />
          </Group>
        </Alert>
      )}
      <Text size="sm">{said.linkedCount((agent.linked ?? []).length)}</Text>
      <Group>
        <Rename agent={agent} again={again} />
        <Linked agent={agent} again={again} />
        {agent.presence !== "away" && (
          <Confirm
            label={said.setAway}
            consequence={said.setAwayWhat}
            act={away}
            variant="default"
          />
        )}
        <Confirm
          label={said.erase}
          consequence={said.eraseWhat}
          act={erase}
          color="red"
          variant="light"
        />
      </Group>
    </Stack>
  );
}

type Props = { agent: AgentShape; again: () => Promise<unknown> };

function Rename({ agent, again }: Props) {
  const said = useWords(words);
  const [name, setName] = useState(agent.name ?? "");
  const [email, setEmail] = useState("");
  const rename = async () => {
    await answer(
      api.PUT("/v1/admin/agents/{agent}/person", {
        params: { path: { agent: agent.id } },
        body: { name: name.trim(), email: email.trim() },
      }),
    );
    await again();
  };
  return (
    <Confirm
      label={said.rename}
      consequence={said.renameWhat}
      act={rename}
      ready={name.trim() !== ""}
      onOpen={() => setName(agent.name ?? "")}
      variant="default"
    >
      <TextInput
        label={said.name}
        value={name}
        maxLength={200}
        required
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={said.email}
        type="email"
        value={email}
        maxLength={254}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
    </Confirm>
  );
}

function Linked({ agent, again }: Props) {
  const said = useWords(words);
  const [text, setText] = useState("");
  const found = [...new Set(text.toLowerCase().match(UUID) ?? [])];
  const link = async () => {
    await answer(
      api.PUT("/v1/admin/agents/{agent}/accounts", {
        params: { path: { agent: agent.id } },
        body: { consumers: found },
      }),
    );
    await again();
  };
  return (
    <Confirm
      label={said.linked}
      consequence={said.linkedWhat}
      act={link}
      ready={found.length <= ACCOUNTS_MAX}
      onOpen={() => setText((agent.linked ?? []).join("\n"))}
      variant="default"
    >
      <Textarea
        label={said.linkedIds}
        description={said.linkedRead(found.length, ACCOUNTS_MAX)}
        value={text}
        autosize
        minRows={3}
        maxRows={16}
        data-autofocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </Confirm>
  );
}
