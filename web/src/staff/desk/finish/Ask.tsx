import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useWriting } from "./useWriting";
import { WordsField } from "./WordsField";
import { words } from "./words";

/** A question to the consumer, in words of its own. */
export function Ask(props: ActProps) {
  const said = useWords(words);
  const { conversation, about, onClose } = props;
  const { field, acting, ready } = useWriting(props, "ask", (text, header) =>
    answer(
      api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/question", {
        params: { path: pathOf(conversation, about), header },
        body: { text, attachments: [] },
      }),
    ),
  );
  return (
    <ActPanel {...{ name: said.ask, clock: said.askClock, acting, ready, onClose }}>
      <WordsField label={said.question} {...field} />
    </ActPanel>
  );
}
