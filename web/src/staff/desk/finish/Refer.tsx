import { SegmentedControl, Select } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { ReferralMode } from "../../../api/schema";
import { useLanguage, useWords } from "../../../shared/words";
import { deskName } from "../codes";
import { ActPanel } from "./ActPanel";
import { type ActProps, otherDesks, pathOf } from "./path";
import { useWriting } from "./useWriting";
import { WordsField } from "./WordsField";
import { words } from "./words";

/** Another desk is asked; the case stays, or goes there meanwhile. */
export function Refer(props: ActProps) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { conversation, about, onClose } = props;
  const desks = otherDesks(conversation, about);
  const [desk, setDesk] = useState(desks[0] ?? "platform");
  const [mode, setMode] = useState<ReferralMode>("stay");
  const { field, acting, ready } = useWriting(props, "refer", (text, header) =>
    answer(
      api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/referral", {
        params: { path: pathOf(conversation, about), header },
        body: { desk, mode, text, attachments: [] },
      }),
    ),
  );
  return (
    <ActPanel
      name={said.refer}
      clock={said.referClock}
      acting={acting}
      ready={ready && desks.length > 0}
      onClose={onClose}
    >
      <Select
        size="xs"
        label={said.toDesk}
        allowDeselect={false}
        value={desk}
        readOnly={field.readOnly}
        data={desks.map((value) => ({ value, label: deskName(value, language) }))}
        onChange={(wanted) => wanted && setDesk(wanted)}
      />
      <SegmentedControl
        size="xs"
        aria-label={said.mode}
        value={mode}
        readOnly={field.readOnly}
        onChange={(wanted) => setMode(wanted as ReferralMode)}
        data={[
          { value: "stay", label: said.stay },
          { value: "hand_over", label: said.handOver },
        ]}
      />
      <WordsField label={said.question} {...field} />
    </ActPanel>
  );
}
