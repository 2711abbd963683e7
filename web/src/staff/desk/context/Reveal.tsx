import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ConversationShape, NewReveal } from "../../../api/schema";
import { time } from "../../../shared/format";
import { plainText } from "../../../shared/plainText";
import { useLanguage, useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import type { Case } from "../case/openCase";
import { Part } from "./Part";
import { revealWords } from "./revealWords";
import { type Revealed, useReveal } from "./useReveal";

const FIELDS = ["name", "phone", "email", "address", "id_number", "messages"] as const;
const REASONS = [
  "call_back",
  "shipping",
  "identity_check",
  "fraud_check",
  "safety",
  "legal",
] as const;

type Props = {
  conversation: ConversationShape;
  about: Case;
  /** The desk of theirs for which it is seen. */
  desk: string;
};

/** What is masked, in clear: for a reason, on record, and for some minutes. */
export function Reveal({ conversation, about, desk }: Props) {
  const said = useWords(revealWords);
  const [field, setField] = useState<NewReveal["field"]>("phone");
  const [reason, setReason] = useState<NewReveal["reason"] | null>(null);
  const { seen, asking, hide } = useReveal(conversation, about, desk);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (reason && !asking.isPending) asking.mutate({ field, reason });
  };
  return (
    <Part title={said.title}>
      <form onSubmit={ask}>
        <Stack gap={6}>
          <Group gap="xs" grow>
            <Select
              size="xs"
              label={said.what}
              allowDeselect={false}
              value={field}
              data={FIELDS.map((value) => ({ value, label: said[value] }))}
              onChange={(wanted) => wanted && setField(wanted)}
            />
            <Select
              size="xs"
              label={said.why}
              value={reason}
              data={REASONS.map((value) => ({ value, label: said[value] }))}
              onChange={setReason}
            />
          </Group>
          <Text size="xs" className="quiet">
            {said.note}
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            type="submit"
            disabled={!reason}
            loading={asking.isPending}
          >
            {said.show}
          </Button>
        </Stack>
      </form>
      {asking.error && <ProblemNote error={asking.error} />}
      <div role="status">{seen && <InClear seen={seen} onHide={hide} />}</div>
    </Part>
  );
}

function InClear({ seen, onHide }: { seen: Revealed; onHide: () => void }) {
  const said = useWords(revealWords);
  const { language } = useLanguage();
  const { grant, texts, ofOrder } = seen;
  const what = ofOrder ? said.orderAddress : said[grant.field];
  return (
    <>
      <Text size="xs" className="quiet">
        {what} · {said.until(time(grant.until, language))}
      </Text>
      {texts.length === 0 && <Text size="sm">{said.unknown}</Text>}
      {texts.map(({ id, text }) => (
        <Text key={id} size="sm" dir="auto" className="in-clear">
          {plainText(text)}
        </Text>
      ))}
      {grant.last && <Text size="sm">{said.last}</Text>}
      <Button size="compact-xs" variant="subtle" onClick={onHide}>
        {said.hide}
      </Button>
    </>
  );
}
