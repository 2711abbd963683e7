import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useWriting } from "./useWriting";
import { WordsField } from "./WordsField";
import { words } from "./words";

/** Back to the queue, with a line for whoever is next. */
export function Release(props: ActProps) {
  const said = useWords(words);
  const { conversation, about, onClose } = props;
  const { field, acting } = useWriting(props, "line", (text, header) =>
    answer(
      api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/return", {
        params: { path: pathOf(conversation, about), header },
        body: { text: text || null, attachments: [] },
      }),
    ),
  );
  return (
    <ActPanel {...{ name: said.release, clock: said.releaseClock, acting, onClose }}>
      <WordsField label={said.line} {...field} />
    </ActPanel>
  );
}
