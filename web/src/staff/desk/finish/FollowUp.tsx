import { Select } from "@mantine/core";
import { useRef, useState } from "react";
import { answer, api } from "../../../api/client";
import { serverTime } from "../../../api/serverTime";
import { useWords } from "../../../shared/words";
import { ActPanel } from "./ActPanel";
import { type ActProps, pathOf } from "./path";
import { useAct } from "./useAct";
import { words } from "./words";

const HOURS = [1, 2, 4, 24, 48];
const TOMORROW = "tomorrow";
const MORNING_HOUR = 9;

/** It rests until then. */
export function FollowUp({ conversation, about, onClose }: ActProps) {
  const said = useWords(words);
  const [when, setWhen] = useState("2");
  // Under the same key it is the same request: until the same moment.
  const asked = useRef<{ key: string; at: string }>(null);
  const momentUnder = (key: string) => {
    if (asked.current?.key !== key) asked.current = { key, at: momentOf(when).toISOString() };
    return asked.current.at;
  };
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/follow-up", {
          params: { path: pathOf(conversation, about), header },
          body: { at: momentUnder(header["Idempotency-Key"]) },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel name={said.followUp} clock={said.followUpClock} acting={acting} onClose={onClose}>
      <Select
        size="xs"
        label={said.when}
        allowDeselect={false}
        data-autofocus
        value={when}
        data={[
          ...HOURS.map((hours) => ({ value: String(hours), label: said.inHours(hours) })),
          { value: TOMORROW, label: said.tomorrow },
        ]}
        onChange={(wanted) => {
          asked.current = null;
          if (wanted) setWhen(wanted);
        }}
      />
    </ActPanel>
  );
}

function momentOf(when: string): Date {
  const moment = serverTime();
  if (when === TOMORROW) {
    moment.setDate(moment.getDate() + 1);
    moment.setHours(MORNING_HOUR, 0, 0, 0);
  } else moment.setHours(moment.getHours() + Number(when));
  return moment;
}
