import { Button, Stack, Textarea } from "@mantine/core";
import { useColon, useWords } from "../../../shared/words";
import { words as caseWords } from "../case/words";
import { useDeskDraft } from "../composer/drafts";
import { words } from "./words";

/** What was written for a step that cannot be taken any more, until its author needs it no longer. */
export function LeftOver({ draft: name, step }: { draft: string; step: string }) {
  const said = useWords(words);
  const colon = useColon();
  const { kept } = useWords(caseWords);
  const [draft, change] = useDeskDraft(name);
  if (draft.text.trim() === "") return null;
  return (
    <Stack gap={4} align="start">
      <Textarea
        size="xs"
        w="100%"
        readOnly
        autosize
        maxRows={6}
        label={`${step}${colon}${kept}`}
        description={said.notAnyMore}
        value={draft.text}
      />
      <Button size="compact-xs" variant="subtle" onClick={() => change({ text: "" })}>
        {said.discard}
      </Button>
    </Stack>
  );
}
