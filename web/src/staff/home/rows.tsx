import { Group, Text } from "@mantine/core";
import type { CaseDueShape, FollowedShape, RemedyDueShape } from "../../api/schema";
import { exactly, money, time } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { CaseLink } from "./CaseLink";
import { useCode } from "./codes";
import { OutlookLine } from "./OutlookLine";
import { words } from "./words";

export const remedyKey = (one: { order: string; number: number }) => `${one.order}/${one.number}`;
export const caseKey = (one: CaseDueShape) => `${one.conversation}/${one.case}`;

/** "Refund: quality, ¥99.00", in the language in force. */
export function useRemedyName() {
  const code = useCode();
  const { language } = useLanguage();
  return (one: RemedyDueShape | FollowedShape) =>
    `${code(one.kind)} · ${code(one.reason)} · ${money(one.amount_minor, one.currency, language)}`;
}

export function RemedyRow({ one }: { one: RemedyDueShape }) {
  const said = useWords(words);
  const name = useRemedyName();
  const notes = [
    one.disputed ? said.disputed(one.shown ?? 0) : "",
    one.offered ? said.offered : "",
    one.second_person ? said.secondPerson : "",
  ].filter(Boolean);
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{name(one)}</Text>
        <CaseLink about={one} />
      </Group>
      <OutlookLine outlook={one.outlook} />
      {notes.length > 0 && <Text size="sm">{notes.join(" · ")}</Text>}
    </>
  );
}

export function CaseRow({ one }: { one: CaseDueShape }) {
  const said = useWords(words);
  const code = useCode();
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{code(one.issue)}</Text>
        <CaseLink about={one} />
      </Group>
      {one.asked_by && <Text size="sm">{said.asked}</Text>}
      <OutlookLine outlook={one.outlook} />
    </>
  );
}

export function FollowedRow({ one }: { one: FollowedShape }) {
  const said = useWords(words);
  const code = useCode();
  const name = useRemedyName();
  const { language } = useLanguage();
  const what = {
    objectionable: said.object,
    contestable: said.contest,
    returning: code(one.status),
    with_platform: said.platform_decides,
  }[one.what];
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{name(one)}</Text>
        <CaseLink about={one} />
      </Group>
      <Text size="sm">
        {what} ·{" "}
        <time dateTime={one.due_at} title={exactly(one.due_at, language)}>
          {said.until(time(one.due_at, language))}
        </time>
        {one.own_minor > 0 && ` · ${said.own(money(one.own_minor, one.currency, language))}`}
      </Text>
    </>
  );
}
