import { Button, Group, Paper, Text } from "@mantine/core";
import { useRef, useState } from "react";
import { newKey } from "../../api/client";
import type { BulkDone } from "../../api/schema";
import { useWords } from "../../shared/words";
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
  // Whatever was not answered keeps its key, so that what is given once more counts once.
  const keys = useRef(new Map<string, string>());
  const keyOf = (doing: Doing) => (one: Item["of"]) => {
    const what = `${doing}/${"issue" in one ? caseKey(one) : remedyKey(one)}`;
    const key = keys.current.get(what) ?? newKey();
    keys.current.set(what, key);
    return key;
  };
  const close = (told: BulkDone["items"]) => {
    const [done, over] = [new Set<string>(), new Set<string>()];
    for (const one of told) {
      if (one.done) done.add(one.key);
      if (one.done || (one.why?.status ?? 0) < 429) over.add(one.key);
    }
    for (const [what, key] of keys.current) if (over.has(key)) keys.current.delete(what);
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
                  const items = itemsOf(of, nameOf, keyOf(doing));
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
