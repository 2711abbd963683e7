import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useWriting } from "./useWriting";
import { WordsField } from "./WordsField";
import { words } from "./words";

/** What the desk that asked wanted to know. */
export function AnswerReferral(props: ActProps) {
  const said = useWords(words);
  const { conversation, about, onClose } = props;
  const { field, acting, ready } = useWriting(props, "referral", (text, header) =>
    answer(
      api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/referral/answer", {
        params: { path: pathOf(conversation, about), header },
        body: { text, attachments: [] },
      }),
    ),
  );
  const [name, clock] = [said.answerReferral, said.answerReferralClock];
  return (
    <ActPanel {...{ name, clock, acting, ready, onClose }}>
      <WordsField label={said.answer} {...field} />
    </ActPanel>
  );
}
