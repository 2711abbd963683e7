import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import type { SubjectShape } from "../../../api/schema";
import { plainText } from "../../../shared/plainText";
import { useLanguage, useWords } from "../../../shared/words";
import { Confirm } from "../../admin/common/Confirm";
import { problemWords } from "../../shell/problemWords";
import { ShownCard } from "../case/ShownCard";
import { draftName, giveBack } from "./drafts";
import { giveUp, type Leaving, mayHaveArrived, send, takeBack } from "./leaving";
import { words } from "./words";

/** A message that the service does not have yet: undo, or why it was not sent and once more. */
type Props = { message: Leaving; subject: SubjectShape };

export function LeavingMessage({ message, subject }: Props) {
  const said = useWords(words);
  const { language } = useLanguage();
  const back = () => {
    const taken = takeBack(message.key);
    if (taken) giveBack(draftName(taken.agent, taken, taken.audience), taken);
  };
  const { state, problem } = message;
  // While it is tried again its ways out stay: a question about one would vanish unanswered.
  const [hasFailed, setFailed] = useState(false);
  if (state === "failed" && !hasFailed) setFailed(true);
  return (
    <li className="message leaving" data-audience={message.audience} data-state={state}>
      {message.text && (
        <p className="text" dir="auto">
          {plainText(message.text)}
        </p>
      )}
      {message.card && (
        <ShownCard card={message.card} consumer={message.consumer} subject={subject} />
      )}
      <Group gap="xs" role="status">
        <Text size="xs">
          {state === "failed"
            ? `${said.notSent}${problem ? `: ${problemWords(problem, language)}` : ""}`
            : state === "waiting"
              ? said.undoing
              : said.sending}
        </Text>
        {state === "waiting" && (
          <Button size="compact-xs" variant="default" onClick={back}>
            {said.undo}
          </Button>
        )}
        {state === "failed" && (
          <Button size="compact-xs" onClick={() => void send(message.key)}>
            {said.retry}
          </Button>
        )}
        {state === "failed" && !mayHaveArrived(message) && (
          <Button size="compact-xs" variant="default" onClick={back}>
            {said.back}
          </Button>
        )}
        {hasFailed && state !== "sent" && mayHaveArrived(message) && (
          <Confirm
            size="compact-xs"
            variant="default"
            label={said.giveUp}
            title={said.giveUpAsked}
            consequence={said.giveUpMeans}
            act={async () => giveUp(message.key)}
          />
        )}
      </Group>
    </li>
  );
}
