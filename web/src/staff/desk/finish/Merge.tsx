import { Select } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { useCode } from "../useCode";
import { ActPanel } from "./ActPanel";
import { type ActProps, otherCases, pathOf } from "./path";
import { useAct } from "./useAct";
import { words } from "./words";

/** It is the same problem as another case of this conversation. */
export function Merge({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const code = useCode();
  const { desks } = useSession();
  const others = otherCases(conversation, about, desks);
  const [into, setInto] = useState(String(others[0]?.number ?? ""));
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/merge", {
          params: { path: pathOf(conversation, about), header },
          body: { into: Number(into) },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel
      name={said.merge}
      clock={about.asked ? `${said.mergeClock} ${said.mergeAsked}` : said.mergeClock}
      acting={acting}
      ready={into !== ""}
      onClose={onClose}
    >
      <Select
        size="xs"
        label={said.into}
        allowDeselect={false}
        data-autofocus
        value={into}
        data={others.map((one) => ({
          value: String(one.number),
          label: `#${one.number} ${code(one.issue)}`,
        }))}
        onChange={(wanted) => wanted && setInto(wanted)}
      />
    </ActPanel>
  );
}
