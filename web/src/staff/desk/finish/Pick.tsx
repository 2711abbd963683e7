import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useAct } from "./useAct";
import { words } from "./words";

/** This very case, out of its queue. */
export function Pick({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/pick", {
          params: { path: pathOf(conversation, about), header },
          body: { desk: about.owner ?? "platform" },
        }),
      ),
    onClose,
  );
  return <ActPanel name={said.pick} clock={said.pickClock} acting={acting} onClose={onClose} />;
}
