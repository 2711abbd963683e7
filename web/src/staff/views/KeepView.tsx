import { Button, Group, Popover, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { answer, api, newKey } from "../../api/client";
import type { CaseFilter, ViewShape } from "../../api/schema";
import { useWords } from "../../shared/words";
import { ProblemNote } from "../shell/ProblemNote";
import { VIEWS } from "./useViews";
import { words } from "./words";

const NAME_MAX = 80;

type Props = { desk: string; filter: CaseFilter; onKept: (view: ViewShape) => void };

/** Gives the filter a name, under which it is found here and at the desk. */
export function KeepView({ desk, filter, onKept }: Props) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [opened, { toggle, close }] = useDisclosure();
  const [name, setName] = useState("");
  // The same one until it is kept, so that trying again keeps it once.
  const id = useRef(newKey());
  const keeping = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/v1/desk/views/{view}", {
          params: { path: { view: id.current } },
          body: { seen: 0, desk, shared: false, view: { name: name.trim(), filter } },
        }),
      ),
    onSuccess: (kept) => {
      id.current = newKey();
      setName("");
      close();
      onKept(kept);
      void queries.invalidateQueries({ queryKey: VIEWS });
    },
  });
  const keep = (event: FormEvent) => {
    event.preventDefault();
    keeping.mutate();
  };
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button size="xs" variant="default" onClick={toggle}>
          {said.keep}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={said.keep}>
        <form onSubmit={keep}>
          <Group align="end" gap="xs">
            <TextInput
              size="xs"
              label={said.name}
              maxLength={NAME_MAX}
              value={name}
              data-autofocus
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button size="xs" type="submit" disabled={!name.trim()} loading={keeping.isPending}>
              {said.save}
            </Button>
          </Group>
          {keeping.error && <ProblemNote error={keeping.error} />}
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
