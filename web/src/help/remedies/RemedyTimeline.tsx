import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { RemedyShape } from "../../api/schema";
import { exactly, time } from "../../shared/format";
import { plain } from "../../shared/plainText";
import { useLanguage } from "../../shared/words";
import { keys } from "../asking";
import { Asked } from "../parts/Asked";
import { StepWords } from "../wish/WhatComes";
import { happenedWord } from "./happenedWords";

/** What has happened to a remedy, and what is still to happen by when. */
export function RemedyTimeline({ order, remedy }: { order: string; remedy: RemedyShape }) {
  const { language } = useLanguage();
  const query = useQuery({
    queryKey: keys.timeline(order, remedy.number),
    queryFn: () =>
      answer(
        api.GET("/v1/help/orders/{order}/remedies/{remedy}/timeline", {
          params: { path: { order, remedy: remedy.number } },
        }),
      ),
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
                  {word}
                  {/* By rule the basis is a rule's name, which says nothing here. */}
                  {step.basis && step.by === "platform" && <q dir="auto">{plain(step.basis)}</q>}
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
