import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { time } from "../../../shared/format";
import { plainText } from "../../../shared/plainText";
import { ratingReason } from "../../../shared/ratingReasons";
import { useLanguage, useWords } from "../../../shared/words";
import { useCode } from "../useCode";
import { attributionOf, inWords } from "./attribution";
import type { Case } from "./openCase";
import type { CaseFile } from "./useCase";
import { words } from "./words";

const WANTED_LENGTH = 160;

/** What whoever opens the case has to know before reading on. */
export function Brief({ file, about }: { file: CaseFile; about: Case }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  const its = file.messages.filter((one) => one.case === about.number);
  const first = its.find((one) => one.by === "consumer" && one.text);
  const files = its.reduce((count, one) => count + (one.attachments?.length ?? 0), 0);
  const answers = its.filter((one) => one.by === "agent" && one.audience === "consumer").length;
  const handOver = lastLine(file, about.number);
  const answerable = attributionOf(file.story, about.number);
  const namesSomebody = answerable?.found || (answerable && answerable.cause !== "unknown");
  const tried = [
    about.contacts ? said.contacts(about.contacts) : "",
    answers ? said.messagesTo(answers) : "",
    remediesOf(file, about.number) ? said.remedies(remediesOf(file, about.number)) : "",
    about.reopens ? said.reopens(about.reopens) : "",
  ].filter(Boolean);
  const promised = (about.clocks ?? [])
    .filter((clock) => clock.side === "consumer" && clock.due_at)
    .map((clock) =>
      (clock.kind === "reply" ? said.replyBy : said.answerBy)(time(clock.due_at ?? "", language)),
    );
  const open = [...promised.slice(0, 1), ...(about.call_back ? [said.callBack] : [])];
  return (
    <dl className="brief" aria-label={said.brief}>
      <Fact name={said.wanted} lines={2}>
        <b>{code(about.issue)}</b>
        {first?.text && (
          <>
            {" · "}
            <bdi>{plainText(first.text).slice(0, WANTED_LENGTH)}</bdi>
          </>
        )}
      </Fact>
      <Fact name={said.promised}>{open.join(" · ") || said.nothingPromised}</Fact>
      <Fact name={said.tried}>{tried.join(" · ") || said.nothingTried}</Fact>
      <Fact name={said.evidence}>{files ? said.files(files) : said.noFiles}</Fact>
      {answerable && namesSomebody && (
        <Fact name={said.answerable}>
          {inWords(answerable, language)}
          {` · ${said.causedBy(code(answerable.cause))} · `}
          {answerable.found ? answerable.reasons.map(code).join(" · ") : said.presumed}
        </Fact>
      )}
      {about.rating && (
        <Fact name={said.rated}>
          <b>{said.score(about.rating.score)}</b>
          {(about.rating.reasons ?? []).map((one) => ` · ${ratingReason(one, language)}`)}
        </Fact>
      )}
      {handOver && (
        <Fact name={said.handOver} lines={4}>
          <bdi>{plainText(handOver)}</bdi>
        </Fact>
      )}
    </dl>
  );
}

/** `lines`: how much is shown of what somebody wrote, as the thread has all of it. */
function Fact({ name, lines, children }: { name: string; lines?: number; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" className="quiet">
        {name}
      </Text>
      <Text component="dd" size="sm" {...(lines && { lineClamp: lines })}>
        {children}
      </Text>
    </div>
  );
}

/** The line that whoever had it before left for whoever is next. */
function lastLine(file: CaseFile, number: number): string | null {
  const notes = file.story.flatMap((told) =>
    told.events.flatMap((event) =>
      event.type === "CaseUnassigned" && event.case === number && event.note ? [event.note] : [],
    ),
  );
  const note = notes.at(-1);
  return file.messages.find((one) => one.id === note)?.text ?? null;
}

function remediesOf(file: CaseFile, number: number): number {
  const found = file.story.flatMap((told) =>
    told.events.flatMap((event) =>
      event.type === "RemedyNoted" && event.case === number ? [event.remedy] : [],
    ),
  );
  return new Set(found).size;
}
