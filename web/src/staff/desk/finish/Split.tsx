import { Select } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ISSUES } from "../codes";
import { useCode } from "../useCode";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useAct } from "./useAct";
import { words } from "./words";

/** There is a second problem in it. */
export function Split({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const code = useCode();
  const [issue, setIssue] = useState("other");
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/split", {
          params: { path: pathOf(conversation, about), header },
          body: { issue },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel name={said.split} clock={said.splitClock} acting={acting} onClose={onClose}>
      <Select
        size="xs"
        label={said.issue}
        allowDeselect={false}
        searchable
        data-autofocus
        value={issue}
        data={ISSUES.map((value) => ({ value, label: code(value) }))}
        onChange={(wanted) => wanted && setIssue(wanted)}
      />
    </ActPanel>
  );
}
