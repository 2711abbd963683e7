import { Button, Group, Paper, Text } from "@mantine/core";
import { useState } from "react";
import type { BulkDone } from "../../api/schema";
import { useWords } from "../../shared/words";
import { useSession } from "../session/session";
import { BulkDialog } from "./BulkDialog";
import { type Chosen, type Doing, type Item, itemsOf, possible } from "./bulk";
import { bulkWords } from "./bulkWords";
import { useCode } from "./codes";
import { caseKey, remedyKey, useRemedyName } from "./rows";

/** What can be done to all that is chosen; there while anything is. */
export function BulkBar({
  chosen,
  clear,
  leave,
}: {
  chosen: Chosen;
  clear: () => void;
  leave: (done: readonly Item["of"][]) => void;
}) {
  const said = useWords(bulkWords);
  const code = useCode();
  const remedyName = useRemedyName();
  const [open, setOpen] = useState<{ doing: Doing; items: Item[]; left: number } | null>(null);
  const count = chosen.remedies.length + chosen.cases.length + chosen.decided.length;
  const nameOf = (one: Item["of"]) => ("issue" in one ? code(one.issue) : remedyName(one));
  const { agent } = useSession();
  const nameIn = (doing: Doing) => (one: Item["of"]) =>
    `home.${agent}.${doing}/${"issue" in one ? caseKey(one) : remedyKey(one)}`;
  const close = (told: BulkDone["items"]) => {
    const done = new Set(told.filter((one) => one.done).map((one) => one.key));
    leave(open?.items.filter((one) => done.has(one.key)).map((one) => one.of) ?? []);
    setOpen(null);
  };
  return (
    <>
      {count > 0 && (
        <Paper withBorder p="xs" className="chosen-bar" role="region" aria-live="polite">
          <Group gap="xs">
            <Text>{said.chosen(count)}</Text>
            {[...possible(chosen)].map(([doing, of]) => (
              <Button
                key={doing}
                size="compact-md"
                variant={doing === "grant" || doing === "answer" ? "filled" : "default"}
                onClick={() => {
                  const items = itemsOf(of, nameOf, nameIn(doing));
                  setOpen({ doing, items, left: of.length - items.length });
                }}
              >
                {said[doing]}
              </Button>
            ))}
            <Button size="compact-md" variant="subtle" onClick={clear}>
              {said.clear}
            </Button>
          </Group>
        </Paper>
      )}
      {open && <BulkDialog {...open} close={close} />}
    </>
  );
}
