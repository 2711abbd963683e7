import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { HappenedShape, RemedyShape } from "../../api/schema";
import { decisionReason } from "../../shared/decisionReasons";
import { exactly, time } from "../../shared/format";
import { plain } from "../../shared/plainText";
import { type Language, useLanguage, useWords } from "../../shared/words";
import { AGAIN_MS, keys } from "../asking";
import { Asked } from "../parts/Asked";
import { StepWords } from "../wish/WhatComes";
import { disputeWords } from "./disputeWords";
import { happenedWord } from "./happenedWords";
import { refusalWord } from "./reasonWords";

/** What has happened to a remedy, and what is still to happen by when. */
export function RemedyTimeline({ order, remedy }: { order: string; remedy: RemedyShape }) {
  const { language } = useLanguage();
  const said = useWords(disputeWords);
  const query = useQuery({
    queryKey: keys.timeline(order, remedy.number),
    queryFn: () =>
      answer(
        api.GET("/v1/help/orders/{order}/remedies/{remedy}/timeline", {
          params: { path: { order, remedy: remedy.number } },
        }),
      ),
    // As often as the remedy itself, whose sentence stands above it.
    refetchInterval: AGAIN_MS,
  });
  return (
    <Asked query={query}>
      {(found) => (
        <ol className="plain timeline">
          {found.steps.map((step, place) => {
            const word = happenedWord(step, found.currency, language);
            // Two steps may be of the same kind and moment.
            const key = `${step.at} ${step.what} ${place}`;
            return (
              word && (
                <li key={key}>
                  <time dateTime={step.at} title={exactly(step.at, language)}>
                    {time(step.at, language)}
                  </time>{" "}
                  {[word, whyOf(step, language)].filter(Boolean).join(" · ")}
                  {/* By rule the basis is a rule's name, which says nothing here. */}
                  {step.basis && step.by === "platform" && <q dir="auto">{plain(step.basis)}</q>}
                  {step.basis === null && <span className="quiet">{said.erased}</span>}
                </li>
              )
            );
          })}
          {remedy.steps?.map((step) => (
            <li key={`next ${step.kind}`} className="to-come">
              <StepWords step={step} />
            </li>
          ))}
        </ol>
      )}
    </Asked>
  );
}

const AGAINST = ["refused", "decided"];

/** Why it was refused or decided so, as far as there are words for it. */
function whyOf(step: HappenedShape, language: Language): string | undefined {
  const why = step.reason ?? "";
  if (!AGAINST.includes(step.what)) return undefined;
  return refusalWord(why, language) ?? decisionReason(why, language);
}
