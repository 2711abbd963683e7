import { Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { BoughtShape, CaseDueShape, FollowedShape, RemedyDueShape } from "../../api/schema";
import { ahead, exactly, money } from "../../shared/format";
import { useNow } from "../../shared/useNow";
import { useLanguage, useWords } from "../../shared/words";
import { Bought } from "./Bought";
import { type About, CaseLink } from "./CaseLink";
import { useCode } from "./codes";
import { OutlookLine } from "./OutlookLine";
import { words } from "./words";

export const remedyKey = (one: { order: string; number: number }) => `${one.order}/${one.number}`;
export const followedKey = (one: FollowedShape) => `${remedyKey(one)}/${one.what}`;
export const caseKey = (one: CaseDueShape) => `${one.conversation}/${one.case}`;

/** "Refund · Quality · ¥99.00"; without an amount where none is given. */
export function useRemedyName() {
  const code = useCode();
  const { language } = useLanguage();
  return (one: RemedyDueShape | FollowedShape) =>
    [
      code(one.kind),
      code(one.reason),
      one.amount_minor ? money(one.amount_minor, one.currency, language) : "",
    ]
      .filter(Boolean)
      .join(" · ");
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
    <Row name={name(one)} about={one} bought={one.bought}>
      <OutlookLine outlook={one.outlook} />
      {notes.length > 0 && <Text size="sm">{notes.join(" · ")}</Text>}
    </Row>
  );
}

export function CaseRow({ one }: { one: CaseDueShape }) {
  const said = useWords(words);
  const code = useCode();
  return (
    <Row name={code(one.issue)} about={one} bought={one.bought}>
      {one.asked_by && <Text size="sm">{said.asked}</Text>}
      <OutlookLine outlook={one.outlook} />
    </Row>
  );
}

export function FollowedRow({ one }: { one: FollowedShape }) {
  const said = useWords(words);
  const code = useCode();
  const name = useRemedyName();
  const { language } = useLanguage();
  const now = useNow();
  const due = ahead(one.due_at, now, language);
  const what = {
    objectionable: said.object,
    contestable: said.contest,
    returning: code(one.status),
    with_platform: said.platform_decides,
  }[one.what];
  return (
    <Row name={name(one)} about={one} bought={one.bought}>
      <Text size="sm">
        {what} ·{" "}
        <time dateTime={one.due_at} title={exactly(one.due_at, language)} className="countdown">
          {Date.parse(one.due_at) > now ? said.latest(due) : due}
        </time>
        {one.own_minor > 0 && ` · ${said.own(money(one.own_minor, one.currency, language))}`}
      </Text>
    </Row>
  );
}

type RowProps = {
  name: string;
  about: About;
  bought: BoughtShape | null | undefined;
  children: ReactNode;
};

/** What it is, what was bought, what comes of it; at its end the way to the case. */
function Row({ name, about, bought, children }: RowProps) {
  return (
    <Group justify="space-between" align="flex-start" gap="sm" wrap="nowrap" className="line">
      <div className="row">
        <Text fw={600}>{name}</Text>
        <Bought bought={bought} />
        {children}
      </div>
      <div className="to-case">
        <CaseLink about={about} />
      </div>
    </Group>
  );
}
