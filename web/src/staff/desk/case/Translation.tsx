import { Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type { MessageShape } from "../../../api/schema";
import { plainText } from "../../../shared/plainText";
import { useLanguage, useWords } from "../../../shared/words";
import { useInstallation } from "../../shell/installation";
import { ProblemNote } from "../../shell/ProblemNote";
import { words } from "./words";

type Props = { message: MessageShape; consumer: string; conversation: string };

/** The message in the reader's language, beside the original; only where somebody translates. */
export function Translation({ message, consumer, conversation }: Props) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { data: installation } = useInstallation();
  const asking = useMutation({
    mutationFn: (into: string) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/messages/{message}/translation", {
          params: { path: { consumer, conversation, message: message.id } },
          body: { language: into, version: message.version },
        }),
      ),
  });
  if (!installation?.translates || !message.text) return null;
  const found = asking.data?.language === language ? asking.data : null;
  return (
    <div aria-live="polite">
      {found ? (
        <div className="translation">
          <Text size="xs" className="quiet">
            {said.translated}
          </Text>
          <p className="text" dir="auto">
            {plainText(found.text)}
          </p>
        </div>
      ) : (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={asking.isPending}
          onClick={() => asking.mutate(language)}
        >
          {said.translate}
        </Button>
      )}
      {asking.error && <ProblemNote error={asking.error} />}
    </div>
  );
}
