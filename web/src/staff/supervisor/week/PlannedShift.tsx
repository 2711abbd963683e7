import { Button, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type { ShiftShape } from "../../../api/schema";
import { useOnce } from "../../../shared/useOnce";
import { useLanguage, useWords } from "../../../shared/words";
import { Do } from "../../admin/common/Do";
import { words } from "./words";

type Props = {
  desk: string;
  agent: string;
  title: string;
  shift: ShiftShape;
  /** Whether it has begun. */
  runs: boolean;
};

/** A shift in the week: its times; opened, its breaks and how it is cancelled. */
export function PlannedShift({ desk, agent, title, shift, runs }: Props) {
  const said = useWords(words);
  const clock = useClock();
  const queries = useQueryClient();
  const [opened, { open, close }] = useDisclosure();
  const span = (one: { starts_at: string; ends_at: string }) =>
    `${clock(one.starts_at)}–${clock(one.ends_at)}`;
  const give = useOnce();
  const cancel = async () => {
    await give(shift.starts_at, (header) =>
      answer(
        api.POST("/v1/desk/team/{agent}/shifts/cancellation", {
          params: { path: { agent }, header },
          body: { starts_at: shift.starts_at },
        }),
      ),
    );
    close();
    notifications.show({ message: said.cancelled });
    await queries.invalidateQueries({ queryKey: ["team", desk] });
    await queries.invalidateQueries({ queryKey: ["staffing", desk] });
  };
  return (
    <>
      <Button size="compact-sm" variant={runs ? "filled" : "light"} onClick={open}>
        {span(shift)}
      </Button>
      {shift.breaks.length > 0 && <Text size="xs">{said.breaks(shift.breaks.length)}</Text>}
      <Modal
        opened={opened}
        onClose={close}
        title={title}
        closeButtonProps={{ "aria-label": said.close }}
      >
        <Stack gap="xs">
          <Text fw={600}>{span(shift)}</Text>
          {shift.breaks.map((one) => (
            <Text key={one.starts_at}>{said.rests(span(one))}</Text>
          ))}
          <Text c="dimmed">{said.drains(clock(shift.drains_at))}</Text>
          {runs && <Text>{said.running}</Text>}
          <Do label={said.cancel} act={cancel} color="red" variant="light" />
        </Stack>
      </Modal>
    </>
  );
}

/** "09:00" in the browser's zone. */
function useClock(): (at: string) => string {
  const { language } = useLanguage();
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  return (at) =>
    new Date(at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hour12: false });
}
