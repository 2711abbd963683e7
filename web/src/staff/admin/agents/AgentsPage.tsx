import { Anchor, Group, NumberInput, Stack, Table, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { answer, api } from "../../../api/client";
import type { AgentShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { Empty, Frame } from "../../common/Frame";
import { useCode } from "../../desk/useCode";
import { DeskName } from "../../names/DeskName";
import { Asked, More, usePages } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { DeskPick } from "../common/DeskPick";
import { useNewId } from "../common/useNewId";
import { Wide } from "../common/Wide";
import { AgentPage } from "./AgentPage";
import { words } from "./words";

const CAPACITY = 5;
const CAPACITY_MAX = 20;

/** Everybody who works here, and one of them. */
export default function AgentsPage() {
  return (
    <Switch>
      <Route path="/admin/agents/:agent">{({ agent }) => <AgentPage agent={agent} />}</Route>
      <Route>
        <Agents />
      </Route>
    </Switch>
  );
}

function Agents() {
  const said = useWords(words);
  const [desk, setDesk] = useState("");
  const [find, setFind] = useState("");
  return (
    <Frame title={said.title} about={said.about} actions={<Add />}>
      <Group align="flex-end">
        <DeskPick value={desk} all={said.everyDesk} onPick={setDesk} />
        {desk !== "" && (
          <TextInput
            label={said.find}
            type="search"
            maxLength={100}
            value={find}
            onChange={(event) => setFind(event.currentTarget.value)}
          />
        )}
      </Group>
      {desk === "" ? <Everybody /> : <Team desk={desk} find={find} />}
    </Frame>
  );
}

function Everybody() {
  const query = usePages(["admin", "agents"], (cursor) =>
    answer(api.GET("/v1/admin/agents", { params: { query: cursor ? { cursor } : {} } })),
  );
  return (
    <>
      <Asked query={query}>{(agents) => <Rows agents={agents} />}</Asked>
      <More query={query} />
    </>
  );
}

/** Those of one desk whose names contain this. */
function Team({ desk, find }: { desk: string; find: string }) {
  const said = useWords(words);
  const query = useQuery({
    queryKey: ["team", desk],
    queryFn: () => answer(api.GET("/v1/desk/team", { params: { query: { desk } } })),
  });
  const wanted = find.trim().toLowerCase();
  return (
    <Asked query={query}>
      {({ items, more }) => {
        const found = items
          .filter(({ name }) => name.toLowerCase().includes(wanted))
          .map(({ agent, name }) => ({ ...agent, name }));
        return (
          <>
            {found.length === 0 ? <Text>{said.noneFound}</Text> : <Rows agents={found} />}
            {more && <Text c="dimmed">{said.onlyFirst}</Text>}
          </>
        );
      }}
    </Asked>
  );
}

function Rows({ agents }: { agents: readonly AgentShape[] }) {
  const said = useWords(words);
  if (agents.length === 0) return <Empty title={said.none} hint={said.noneWhy} />;
  return (
    <Wide
      label={said.title}
      head={[said.name, said.desks, said.presence, said.inHand, said.skills]}
    >
      {agents.map((one) => (
        <Row key={one.id} one={one} />
      ))}
    </Wide>
  );
}

function Row({ one }: { one: AgentShape }) {
  const said = useWords(words);
  const code = useCode();
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} href={`/admin/agents/${one.id}`} inherit fw={600}>
          {one.name || `${said.unnamed} · ${one.id.slice(0, 8)}`}
        </Anchor>
      </Table.Td>
      <Table.Td>
        {one.memberships.map((each) => (
          <div key={`${each.desk}/${each.starts_at}`}>
            <DeskName desk={each.desk} />
            <Text span inherit c="dimmed">{` · ${said[each.role]}`}</Text>
          </div>
        ))}
      </Table.Td>
      <Table.Td>{said[one.presence]}</Table.Td>
      <Table.Td>
        {one.held.length} / {one.capacity}
      </Table.Td>
      <Table.Td maw={360}>{one.skills.map(code).join(said.and) || "–"}</Table.Td>
    </Table.Tr>
  );
}

function Add() {
  const said = useWords(words);
  const queries = useQueryClient();
  const [, go] = useLocation();
  const withNewId = useNewId();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [capacity, setCapacity] = useState<string | number>(CAPACITY);
  const add = async (id: string) => {
    await answer(
      api.PUT("/v1/admin/agents/{agent}", {
        params: { path: { agent: id } },
        body: { capacity: Number(capacity), person: { name, email } },
      }),
    );
    await queries.invalidateQueries({ queryKey: ["admin", "agents"] });
    go(`/admin/agents/${id}`);
  };
  return (
    <Confirm
      label={said.add}
      consequence={said.addWhat}
      act={() => withNewId(add)}
      ready={name.trim() !== "" && Number(capacity) > 0}
    >
      <Stack>
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
        <NumberInput
          label={said.capacity}
          min={1}
          max={CAPACITY_MAX}
          value={capacity}
          onChange={setCapacity}
          hideControls
        />
      </Stack>
    </Confirm>
  );
}
