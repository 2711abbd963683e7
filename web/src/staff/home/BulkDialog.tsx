import { Alert, Button, Fieldset, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { BulkDone } from "../../api/schema";
import { useDraft } from "../../shared/drafts";
import { useWords } from "../../shared/words";
import { useSession } from "../session/session";
import { ProblemNote } from "../shell/ProblemNote";
import { BulkFields } from "./BulkFields";
import { BulkResults } from "./BulkResults";
import {
  bodyOf,
  type Doing,
  type Filled,
  giveOnce,
  type Item,
  isReady,
  NOTHING_FILLED,
  previewOf,
} from "./bulk";
import { bulkWords } from "./bulkWords";
import { Comings } from "./Comings";
import { useHeldBack } from "./heldBack";
import { type Shown, showInCases } from "./showing";

const TITLES = {
  grant: "grantTitle",
  refuse: "refuseTitle",
  offer: "offerTitle",
  answer: "answerTitle",
  object: "objectTitle",
  contest: "contestTitle",
} as const;

type Props = {
  doing: Doing;
  items: readonly Item[];
  /** So many more are chosen than are answered at once. */
  left: number;
  /** With what is known of each. */
  close: (told: BulkDone["items"]) => void;
};

/** An answer to many: filled in, looked at, confirmed. What somebody writes stays theirs until it is
 * given. */
export function BulkDialog({ doing, items, left, close }: Props) {
  const said = useWords(bulkWords);
  const queries = useQueryClient();
  const draft = `home.${useSession().agent}.answer`;
  const [text, write] = useDraft(draft);
  const [others, fill] = useState<Filled>(NOTHING_FILLED);
  const filled = { ...others, text };
  const shown = useRef(new Map<string, Shown>());
  const looking = useMutation({
    mutationFn: async (filled: Filled) => {
      const files = shown.current;
      if (filled.file) await showInCases(items, filled.file, files);
      return previewOf(bodyOf(doing, items, filled, files));
    },
  });
  // What was looked at is given, whatever another page writes on meanwhile.
  const giving = useMutation({
    mutationFn: () => {
      const looked = looking.variables ?? filled;
      const given = able(items, looking.data);
      return giveOnce(given, bodyOf(doing, given, looked, shown.current));
    },
    onSuccess: ({ items: given }) => {
      if (doing === "answer" && given.every((one) => one.done)) write("");
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["home"] }),
  });
  const held = useHeldBack(() => giving.mutate());
  const startable = able(items, looking.data);
  // Words can be taken back for a moment; what moves money is confirmed instead.
  const confirm = () => (doing === "answer" ? held.hold() : giving.mutate());
  const leave = () => {
    held.undo();
    close(giving.data?.items ?? []);
  };
  const change = (next: Filled) => {
    if (next.file !== filled.file) shown.current = new Map();
    if (next.text !== text) write(next.text);
    fill(next);
  };
  return (
    <Modal
      opened
      onClose={leave}
      title={said[TITLES[doing]]}
      size="xl"
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": said.close }}
    >
      <Stack>
        {left > 0 && <Text>{said.left(items.length, left)}</Text>}
        {doing !== "answer" && !giving.isSuccess && <Alert variant="light">{said.noUndo}</Alert>}
        {!looking.data && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              looking.mutate(filled);
            }}
          >
            <Stack>
              {/* What is looked at is what is given: nothing changes meanwhile. */}
              <Fieldset variant="unstyled" disabled={looking.isPending}>
                <Stack>
                  <BulkFields doing={doing} filled={filled} change={change} />
                </Stack>
              </Fieldset>
              {looking.error && <ProblemNote error={looking.error} />}
              <Button type="submit" disabled={!isReady(doing, filled)} loading={looking.isPending}>
                {said.look}
              </Button>
            </Stack>
          </form>
        )}
        {looking.data && !giving.data && (
          <>
            <Comings items={items} preview={looking.data} />
            {giving.error && <ProblemNote error={giving.error} />}
            {startable.length === 0 && <Text>{said.none}</Text>}
            <Group justify="flex-end">
              {held.seconds > 0 ? (
                <Button variant="default" onClick={held.undo} data-autofocus>
                  {said.undo} ({said.holding(held.seconds)})
                </Button>
              ) : (
                <>
                  <Button variant="default" onClick={() => looking.reset()}>
                    {said.change}
                  </Button>
                  <Button
                    onClick={confirm}
                    loading={giving.isPending}
                    disabled={startable.length === 0}
                  >
                    <Confirmation doing={doing} count={startable.length} />
                  </Button>
                </>
              )}
            </Group>
          </>
        )}
        {giving.data && (
          <BulkResults
            items={items}
            done={giving.data}
            again={() => giving.mutate()}
            close={leave}
          />
        )}
      </Stack>
    </Modal>
  );
}

function Confirmation({ doing, count }: { doing: Doing; count: number }) {
  const said = useWords(bulkWords);
  return said.confirm(`${said[doing].replace("…", "")} ${said.plain(count)}`);
}

/** Those that the preview says can be done. */
function able(items: readonly Item[], preview: Awaited<ReturnType<typeof previewOf>> | undefined) {
  const can = new Set(preview?.items.filter((one) => one.comes_to).map((one) => one.key));
  return items.filter((one) => can.has(one.key));
}
