import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { answer, api, newKey, once } from "../../api/client";
import type { EntryShape, HelpCase } from "../../api/schema";
import { time } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { keys } from "../asking";
import { ProblemLine } from "../parts/Asked";
import { Button } from "../parts/Button";
import { CallBack } from "./CallBack";
import { deskWord, issueWord } from "./issueWords";
import { Rating } from "./Rating";
import { words } from "./words";

type Act = "confirmation" | "reopening" | "withdrawal" | "call-back";

/** One problem of the thread: what it is, who has it, and once it is resolved whether it is solved. */
export function CaseCard({
  conversation,
  one,
  entries,
  onNotYet,
}: {
  conversation: string;
  one: HelpCase;
  entries: EntryShape[];
  onNotYet: () => void;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const act = useAct(conversation, one.number);
  const open = one.status !== "resolved" && one.status !== "closed";
  const last = entries.findLast(({ kind }) => ["resolved", "reopened", "confirmed"].includes(kind));
  const confirmed = last?.kind === "confirmed";
  const asks = one.status === "resolved" && !confirmed;
  const begun = one.noticed ? said.noticed : said.opened;
  const notYet = () => act.mutate("reopening", { onSuccess: onNotYet });
  return (
    <section className="card case" aria-label={issueWord(one.issue, language)}>
      <span className="case-head">
        <strong>{issueWord(one.issue, language)}</strong>
        <Standing one={one} />
      </span>
      <span className="quiet">
        {begun(time(one.opened_at, language))}
        {open &&
          one.held_by &&
          ` · ${said.with(deskWord(one.held_by, one.held_by_name, language))}`}
      </span>
      <CaseTimeline entries={entries} />
      {asks && (
        <span className="answers">
          <span>{said.solved}</span>
          {one.reason !== "withdrawn" && (
            <Button busy={act.isPending} onClick={() => act.mutate("confirmation")}>
              {said.yes}
            </Button>
          )}
          <Button busy={act.isPending} onClick={notYet}>
            {said.notYet}
          </Button>
        </span>
      )}
      <Rating
        key={`${one.status} ${confirmed}`}
        conversation={conversation}
        one={one}
        confirmed={confirmed}
        busy={act.isPending}
        onNotYet={notYet}
      />
      {open && (
        <CallBack
          one={one}
          entries={entries}
          busy={act.isPending}
          onAsk={() => act.mutate("call-back")}
        />
      )}
      {open && (
        <details className="aside">
          <summary>{said.more}</summary>
          <Button kind="quiet" busy={act.isPending} onClick={() => act.mutate("withdrawal")}>
            {said.nothingMore}
          </Button>
        </details>
      )}
      {act.error && <ProblemLine error={act.error} />}
    </section>
  );
}

/** The stations of a case beyond its beginning, each with its time. */
function CaseTimeline({ entries }: { entries: EntryShape[] }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const station = (entry: EntryShape): string | undefined => {
    const desk = entry.to_desk as "platform" | "merchant" | "creator";
    if (entry.kind === "handed_over") return said.with(deskWord(desk, entry.to_name, language));
    return { resolved: said.resolved, reopened: said.open, closed: said.closed }[
      entry.kind as "resolved" | "reopened" | "closed"
    ];
  };
  const stations = entries.flatMap((entry) => {
    const word = station(entry);
    return word ? [{ key: `${entry.version} ${entry.kind}`, word, at: entry.at }] : [];
  });
  if (stations.length === 0) return null;
  return (
    <ol className="plain timeline">
      {stations.map(({ key, word, at }) => (
        <li key={key}>
          <time dateTime={at}>{time(at, language)}</time> {word}
        </li>
      ))}
    </ol>
  );
}

function Standing({ one }: { one: HelpCase }) {
  const said = useWords(words);
  const word =
    one.status === "resolved"
      ? said.resolved
      : one.status === "closed"
        ? said.closed
        : one.status === "waiting_consumer"
          ? said.waiting
          : said.open;
  return <span className="badge">{word}</span>;
}

function useAct(conversation: string, number: number) {
  const queries = useQueryClient();
  // A tap that was not heard is tapped again under the same key.
  const key = useRef<{ act: Act; key: string }>(undefined);
  return useMutation({
    mutationFn: (act: Act) => {
      if (key.current?.act !== act) key.current = { act, key: newKey() };
      const params = { path: { conversation, case: number } };
      const headers = once(key.current.key);
      switch (act) {
        case "confirmation":
          return answer(
            api.POST("/v1/help/conversations/{conversation}/cases/{case}/confirmation", {
              params,
              headers,
            }),
          );
        case "reopening":
          return answer(
            api.POST("/v1/help/conversations/{conversation}/cases/{case}/reopening", {
              params,
              headers,
            }),
          );
        case "call-back":
          return answer(
            api.POST("/v1/help/conversations/{conversation}/cases/{case}/call-back", {
              params,
              headers,
            }),
          );
        case "withdrawal":
          return answer(
            api.POST("/v1/help/conversations/{conversation}/cases/{case}/withdrawal", {
              params,
              headers,
            }),
          );
      }
    },
    onSuccess: () => {
      key.current = undefined;
      void queries.invalidateQueries({ queryKey: keys.conversation(conversation) });
    },
  });
}
