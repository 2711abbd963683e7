import { Button, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import type { ChoiceShape, ConversationShape, MessageShape } from "../../../api/schema";
import { money } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { type Case, isOpen } from "../case/openCase";
import { useCommand } from "../keys/commands";
import { Goodwill } from "./Goodwill";
import { Part } from "./Part";
import { RemedyChoice } from "./RemedyChoice";
import { ranked } from "./ranked";
import type { OrderFile } from "./useOrder";
import { previewQuery } from "./usePreview";
import { words } from "./words";

const FIRST = 5;

type Props = {
  file: OrderFile;
  conversation: ConversationShape;
  messages: readonly MessageShape[];
  about: Case;
};

/** What can be done: the likeliest first, each with its amount, its payer and what one may give. */
export function Remedies({ file, conversation, messages, about }: Props) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { desks } = useSession();
  const { order, choices, authority } = file;
  const [opened, setOpened] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const may = desks.includes("platform") && isOpen(about);
  const found = may ? ranked(choices.choices, about.issue) : [];
  const shown = all ? found : found.slice(0, FIRST);
  const previews = useQueries({
    // Those that are seen are asked for beforehand, so that a preview opens at once.
    queries: found
      .slice(0, FIRST)
      .map((one) =>
        previewQuery(order.consumer, order.id, file.remedies.version, choices.part, one),
      ),
  });
  // The key opens the first, and pressed again the next.
  const next = () => {
    const at = shown.findIndex((one) => nameOf(one) === opened);
    const following = shown[(at + 1) % shown.length];
    setOpened(following ? nameOf(following) : null);
  };
  useCommand(
    shown.length > 0 ? { id: "remedies", name: said.remedies, letter: "a", run: next } : null,
  );
  const amount = (minor: number) => money(minor, authority.currency, language);
  return (
    <Part title={said.can}>
      {!may && (
        <Text size="xs" className="quiet">
          {said.merchantAnswers}
        </Text>
      )}
      {may && (
        <Text size="xs" className="quiet">
          {said.authority(amount(authority.per_case_minor), amount(authority.today_minor))}
        </Text>
      )}
      {may && found.length === 0 && <Text size="sm">{said.nothingCan}</Text>}
      <ul className="choices">
        {shown.map((one, index) => (
          <RemedyChoice
            key={nameOf(one)}
            choice={one}
            preview={previews[index]?.data}
            opened={nameOf(one) === opened}
            // What was opened meanwhile stays.
            onToggle={(open) =>
              setOpened((now) => (open ? nameOf(one) : now === nameOf(one) ? null : now))
            }
            file={file}
            conversation={conversation}
            messages={messages}
            about={about}
          />
        ))}
      </ul>
      {may && <Goodwill {...{ file, conversation, about }} />}
      {found.length > FIRST && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)}>
          {all ? said.fewer : said.all(found.length)}
        </Button>
      )}
    </Part>
  );
}

function nameOf(choice: ChoiceShape): string {
  return `${choice.kind}/${choice.reason}`;
}
