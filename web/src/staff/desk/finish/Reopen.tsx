import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useAct } from "./useAct";
import { words } from "./words";

/** It was resolved wrongly. */
export function Reopen({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/reopening", {
          params: { path: pathOf(conversation, about), header },
        }),
      ),
    onClose,
  );
  return <ActPanel name={said.reopen} clock={said.reopenClock} acting={acting} onClose={onClose} />;
}
