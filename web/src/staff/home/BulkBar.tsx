import { Button, Group, Paper, Text } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../shared/words";
import { BulkDialog } from "./BulkDialog";
import { type Chosen, type Doing, type Item, itemsOf, possible } from "./bulk";
import { bulkWords } from "./bulkWords";
import { useCode } from "./codes";
import { useRemedyName } from "./rows";

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
  const close = (done: readonly Item["of"][]) => {
    setOpen(null);
    leave(done);
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
                  const items = itemsOf(of, nameOf);
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
