import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useWriting } from "./useWriting";
import { WordsField } from "./WordsField";
import { words } from "./words";

/** A line for whoever has the case after the shift's end: a note, and that it is the line. */
export function LeaveLine(props: ActProps) {
  const said = useWords(words);
  const { conversation, about, onClose } = props;
  const { field, acting, ready } = useWriting(
    props,
    "line",
    async (text, header) => {
      const { command_id: note } = await answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/messages", {
          params: { path: pathOf(conversation, about), header },
          body: { audience: "internal", text, attachments: [], to: null, card: null, mentions: [] },
        }),
      );
      return answer(
        api.POST("/v1/desk/me/hand-over", {
          params: { header },
          body: { conversation: conversation.id, case: about.number, note },
        }),
      );
    },
    "line",
  );
  return (
    <ActPanel {...{ name: said.leaveLine, clock: said.leaveLineClock, acting, ready, onClose }}>
      <WordsField label={said.line} {...field} />
    </ActPanel>
  );
}
