import { Select } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useLanguage, useWords } from "../../../shared/words";
import { deskName } from "../codes";
import { ActPanel } from "./ActPanel";
import { type ActProps, otherDesks, pathOf } from "./path";
import { useAct } from "./useAct";
import { words } from "./words";

const REASONS = ["wrong_desk", "needs_authority", "no_progress"] as const;

/** Another desk owns it from now on. */
export function Transfer({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const { language } = useLanguage();
  const desks = otherDesks(conversation, about);
  const [desk, setDesk] = useState(desks[0] ?? "platform");
  const [reason, setReason] = useState<(typeof REASONS)[number]>("wrong_desk");
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/transfer", {
          params: { path: pathOf(conversation, about), header },
          body: { desk, reason },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel
      name={said.transfer}
      clock={said.transferClock}
      acting={acting}
      ready={desks.length > 0}
      onClose={onClose}
    >
      <Select
        size="xs"
        label={said.toDesk}
        allowDeselect={false}
        data-autofocus
        value={desk}
        data={desks.map((value) => ({ value, label: deskName(value, language) }))}
        onChange={(wanted) => wanted && setDesk(wanted)}
      />
      <Select
        size="xs"
        label={said.why}
        allowDeselect={false}
        value={reason}
        data={REASONS.map((value) => ({ value, label: said[value] }))}
        onChange={(wanted) => wanted && setReason(wanted as typeof reason)}
      />
    </ActPanel>
  );
}
