import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect, useRef } from "react";
import type { AgentShape } from "../../../api/schema";
import { time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { awayWords } from "./words";

const ID = "away";

const TOLD = ["break", "break_over", "unseen", "shift_end", "supervisor"] as const;

/** Says to whoever is away by no choice of theirs what becomes of their cases, and the way back. */
export function useTellingAway(me: AgentShape | undefined, onBack: () => void): void {
  const said = useWords(awayWords);
  const { language } = useLanguage();
  const back = useRef(onBack);
  useEffect(() => {
    back.current = onBack;
  });
  const because = (me?.presence === "away" && TOLD.find((one) => one === me.because)) || null;
  const until = me && me.held.length > 0 ? me.presence_until : null;
  useEffect(() => {
    if (!because) return;
    notifications.show({
      id: ID,
      color: "orange",
      autoClose: false,
      closeButtonProps: { "aria-label": said.close },
      message: (
        <Group justify="space-between">
          <Text size="sm">
            {said[because]}
            {until && ` ${said.keeps(time(until, language))}`}
          </Text>
          <Button size="compact-sm" onClick={() => back.current()}>
            {said.back}
          </Button>
        </Group>
      ),
    });
    return () => {
      notifications.hide(ID);
    };
  }, [because, until, said, language]);
}
