import { Textarea } from "@mantine/core";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useAct } from "./useAct";
import { useActDraft } from "./useActDraft";
import { words } from "./words";

/** Back to the queue, with a line for whoever is next. */
export function Release({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const [text, setText] = useActDraft(conversation, about, "line");
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/return", {
          params: { path: pathOf(conversation, about), header },
          body: { text: text.trim() || null, attachments: [] },
        }),
      ),
    () => {
      setText("");
      onClose();
    },
  );
  return (
    <ActPanel name={said.release} clock={said.releaseClock} acting={acting} onClose={onClose}>
      <Textarea
        size="xs"
        label={said.line}
        data-autofocus
        maxLength={20_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </ActPanel>
  );
}
