import { Textarea } from "@mantine/core";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useAct } from "./useAct";
import { useActDraft } from "./useActDraft";
import { words } from "./words";

/** What the desk that asked wanted to know. */
export function AnswerReferral({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const [text, setText] = useActDraft(conversation, about, "referral");
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/referral/answer", {
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
      name={said.answerReferral}
      clock={said.answerReferralClock}
      acting={acting}
      ready={text.trim() !== ""}
      onClose={onClose}
    >
      <Textarea
        size="xs"
        label={said.answer}
        data-autofocus
        autosize
        minRows={2}
        maxLength={20_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </ActPanel>
  );
}
