import { Button, Group, Modal, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api, newKey, once } from "../../api/client";
import type { WallAgentShape } from "../../api/schema";
import { exactly } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { Asked } from "../admin/common/Asked";
import { Do } from "../admin/common/Do";
import { ProblemNote } from "../shell/ProblemNote";
import { nameOf } from "./wall";
import { words } from "./words";

/** An agent's shifts and breaks: what is planned, another one, one that does not take place. */
export function Shifts({ desk, agent }: { desk: string; agent: WallAgentShape }) {
  const said = useWords(words);
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open}>
        {said.team}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={said.planFor(nameOf(agent))}
        closeButtonProps={{ "aria-label": said.close }}
      >
        <Planned desk={desk} agent={agent.id} />
        <NewShift desk={desk} agent={agent.id} />
      </Modal>
    </>
  );
}

function Planned({ desk, agent }: { desk: string; agent: string }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["team", desk],
    queryFn: () => answer(api.GET("/v1/desk/team", { params: { query: { desk } } })),
  });
  const cancel = async (starts_at: string) => {
    await answer(
      api.POST("/v1/desk/team/{agent}/shifts/cancellation", {
        params: { path: { agent }, header: once(newKey()) },
        body: { starts_at },
      }),
    );
    await queries.invalidateQueries({ queryKey: ["team", desk] });
  };
  return (
    <Asked query={query}>
      {({ items }) => {
        const shifts = items.find((one) => one.agent.id === agent)?.agent.shifts ?? [];
        if (shifts.length === 0) return <Text>{said.noShifts}</Text>;
        return (
          <Stack gap="xs">
            {shifts.map((shift) => (
              <Group key={shift.starts_at} justify="space-between">
                <Text>
                  {`${exactly(shift.starts_at, language)} – ${exactly(shift.ends_at, language)}`}
                </Text>
                <Do
                  label={said.cancelShift}
                  act={() => cancel(shift.starts_at)}
                  size="compact-sm"
                  variant="default"
                />
              </Group>
            ))}
          </Stack>
        );
      }}
    </Asked>
  );
}

function NewShift({ desk, agent }: { desk: string; agent: string }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [begins, setBegins] = useState("");
  const [ends, setEnds] = useState("");
  const [rests, setRests] = useState("");
  const [goesOn, setGoesOn] = useState("");
  const planning = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/desk/team/{agent}/shifts", {
          params: { path: { agent }, header: once(newKey()) },
          body: {
            starts_at: moment(begins),
            ends_at: moment(ends),
            breaks: rests && goesOn ? [{ starts_at: moment(rests), ends_at: moment(goesOn) }] : [],
          },
        }),
      ),
    onSuccess: async () => {
      for (const clear of [setBegins, setEnds, setRests, setGoesOn]) clear("");
      await queries.invalidateQueries({ queryKey: ["team", desk] });
    },
  });
  const plan = (event: FormEvent) => {
    event.preventDefault();
    planning.mutate();
  };
  const field = (label: string, value: string, change: (text: string) => void, needed: boolean) => (
    <TextInput
      type="datetime-local"
      label={label}
      required={needed}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
  return (
    <form onSubmit={plan}>
      <Stack gap="xs" mt="md">
        <Title order={3} size="h5">
          {said.plan}
        </Title>
        {field(said.begins, begins, setBegins, true)}
        {field(said.ends, ends, setEnds, true)}
        {field(said.breakBegins, rests, setRests, false)}
        {field(said.breakEnds, goesOn, setGoesOn, false)}
        {planning.error && <ProblemNote error={planning.error} />}
        <Button type="submit" loading={planning.isPending}>
          {said.save}
        </Button>
      </Stack>
    </form>
  );
}

/** What was picked, in the browser's time zone, as the service wants it. */
function moment(local: string): string {
  return new Date(local).toISOString();
}
