import { Textarea } from "@mantine/core";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useAct } from "./useAct";
import { useActDraft } from "./useActDraft";
import { words } from "./words";

/** A question to the consumer, in words of its own. */
export function Ask({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const [text, setText] = useActDraft(conversation, about, "ask");
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/question", {
          params: { path: pathOf(conversation, about), header },
          body: { text: text.trim(), attachments: [] },
        }),
      ),
    () => {
      setText("");
      onClose();
    },
  );
  return (
    <ActPanel
      name={said.ask}
      clock={said.askClock}
      acting={acting}
      ready={text.trim() !== ""}
      onClose={onClose}
    >
      <Textarea
        size="xs"
        label={said.question}
        data-autofocus
        autosize
        minRows={2}
        maxRows={6}
        maxLength={20_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </ActPanel>
  );
}
