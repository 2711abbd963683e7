import { Group, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type {
  ChoiceShape,
  ConversationShape,
  MessageShape,
  PreviewShape,
} from "../../../api/schema";
import { money } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import type { Case } from "../case/openCase";
import { useCode } from "../useCode";
import { RemedyPreview } from "./RemedyPreview";
import type { OrderFile } from "./useOrder";
import { previewQuery } from "./usePreview";
import { words } from "./words";

type Props = {
  choice: ChoiceShape;
  /** What it would come to, where that is known already. */
  preview: PreviewShape | undefined;
  opened: boolean;
  onToggle: (open: boolean) => void;
  file: OrderFile;
  conversation: ConversationShape;
  messages: readonly MessageShape[];
  about: Case;
};

/** One thing that can be done: what, why, how much, who pays; it opens in place. */
export function RemedyChoice({ choice, preview, opened, onToggle, ...rest }: Props) {
  const said = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  const { order, choices, authority, remedies } = rest.file;
  const query = previewQuery(order.consumer, order.id, remedies.version, choices.part, choice);
  const { data, error } = useQuery({ ...query, enabled: opened && !choice.needs });
  const known = data ?? preview;
  const amount = choice.amount_minor ?? 0;
  // What a rule gives, or a shop is asked for, takes nobody's authority here.
  const mine = known?.desk === "platform";
  const beyond = mine && amount > Math.min(authority.per_case_minor, authority.today_minor);
  return (
    <li>
      <UnstyledButton
        className="choice"
        aria-expanded={opened}
        disabled={Boolean(choice.needs)}
        onClick={() => onToggle(!opened)}
      >
        <Group gap="xs" justify="space-between" wrap="nowrap">
          <Text size="sm" fw={600}>
            {code(choice.kind)}
          </Text>
          <Text size="sm">{amount > 0 && money(amount, choices.currency, language)}</Text>
        </Group>
        <Text size="xs" className="quiet">
          {[
            code(choice.reason),
            ...(known?.bearers ?? []).map((one) => said.paidBy(code(one.payer))),
            choice.at_once ? said.atOnce : "",
            choice.evidence ? said.evidence(choice.evidence) : "",
            beyond ? said.beyond : "",
            choice.needs ? said.needs : "",
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </UnstyledButton>
      {opened && (
        <RemedyPreview
          choice={choice}
          preview={known}
          error={error}
          onClose={() => onToggle(false)}
          {...rest}
        />
      )}
    </li>
  );
}
