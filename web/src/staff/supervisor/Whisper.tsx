import { Button, Modal, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { answer, api, once } from "../../api/client";
import { Problem } from "../../api/problems";
import type { WallAgentShape, WallCaseShape } from "../../api/schema";
import { answered, keyOf } from "../../shared/attempt";
import { useDraft } from "../../shared/drafts";
import { useWords } from "../../shared/words";
import { useSession } from "../session/session";
import { ProblemNote } from "../shell/ProblemNote";
import { useCalled } from "./CaseCell";
import { nameOf } from "./wall";
import { words } from "./words";

/** Of which case, and to whom. */
export type WhisperTarget = { row: WallCaseShape; to: WallAgentShape };

/** A note for the one who has the case; it stays open whatever becomes of the case's row. */
export function Whisper({ target, onClose }: { target: WhisperTarget; onClose: () => void }) {
  const { row, to } = target;
  const said = useWords(words);
  const called = useCalled();
  const { agent } = useSession();
  const name = `whisper.${agent}.${row.conversation}.${row.case}`;
  const [text, setText] = useDraft(name);
  const saying = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/messages", {
          params: {
            path: { consumer: row.consumer, conversation: row.conversation, case: row.case },
            // Trying again says it once; another text, or to somebody else, is another one.
            header: once(keyOf(name, [to.id, text])),
          },
          body: {
            audience: "internal",
            text,
            to: to.id,
            attachments: [],
            card: null,
            mentions: [],
          },
        }),
      ),
    onSuccess: () => {
      answered(name);
      setText("");
      onClose();
      notifications.show({ message: said.sent(called(row)) });
    },
    onError: (error) => {
      if (!(error instanceof Problem)) throw error;
      // After a no it is a new attempt.
      if (error.refuses) answered(name);
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={said.whisper}
      closeButtonProps={{ "aria-label": said.close }}
    >
      <Stack>
        <Text size="sm" fw={600}>
          <bdi>{called(row)}</bdi>
        </Text>
        <Text size="sm">{said.whisperTo(nameOf(to))}</Text>
        <Textarea
          label={said.note}
          autosize
          minRows={3}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        {saying.error && <ProblemNote error={saying.error} />}
        <Button disabled={!text.trim()} loading={saying.isPending} onClick={() => saying.mutate()}>
          {said.sendWhisper}
        </Button>
      </Stack>
    </Modal>
  );
}
