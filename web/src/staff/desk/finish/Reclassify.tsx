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

/** It is about something else than it was taken for. */
export function Reclassify({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const code = useCode();
  const [issue, setIssue] = useState(about.issue);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/issue", {
          params: { path: pathOf(conversation, about), header },
          body: { issue },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel
      name={said.reclassify}
      clock={said.reclassifyClock}
      acting={acting}
      onClose={onClose}
      ready={issue !== about.issue}
    >
      <Select
        size="xs"
        label={said.aboutWhat}
        allowDeselect={false}
        searchable
        data-autofocus
        value={issue}
        data={[...new Set([...ISSUES, about.issue])].map((value) => ({
          value,
          label: code(value),
        }))}
        onChange={(wanted) => wanted && setIssue(wanted)}
      />
    </ActPanel>
  );
}
