import { Button, Checkbox, Group, Popover, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { answer, api, newKey } from "../../api/client";
import type { CaseFilter, ViewShape } from "../../api/schema";
import { useWords } from "../../shared/words";
import { useSession } from "../session/session";
import { ProblemNote } from "../shell/ProblemNote";
import { VIEWS } from "./useViews";
import { words } from "./words";

const NAME_MAX = 80;

type Props = { desk: string; filter: CaseFilter; onKept: (view: ViewShape) => void };

/** Whether what a desk shares is this person's to make and to remove. */
export function useLeads(): (desk: string) => boolean {
  const { role, supervised } = useSession();
  return (desk) => role === "admin" || supervised.includes(desk);
}

/** Gives the filter a name, under which it is found here and at the desk: by whoever gave it, or,
 * where a supervisor wants it so, by everybody there. */
export function KeepView({ desk, filter, onKept }: Props) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [opened, { toggle, close }] = useDisclosure();
  const leads = useLeads()(desk);
  const [name, setName] = useState("");
  const [forAll, setForAll] = useState(false);
  // The same one until it is kept, so that trying again keeps it once.
  const id = useRef(newKey());
  const keeping = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/v1/desk/views/{view}", {
          params: { path: { view: id.current } },
          body: { seen: 0, desk, shared: leads && forAll, view: { name: name.trim(), filter } },
        }),
      ),
    onSuccess: (kept) => {
      id.current = newKey();
      setName("");
      setForAll(false);
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
          <Stack gap="xs">
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
            {leads && (
              <Checkbox
                size="xs"
                label={said.forAll}
                checked={forAll}
                onChange={(event) => setForAll(event.currentTarget.checked)}
              />
            )}
            {keeping.error && <ProblemNote error={keeping.error} />}
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
