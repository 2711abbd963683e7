import { Text } from "@mantine/core";
import type { DisputeShape, RemedyShape } from "../../../api/schema";
import { time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { disputeWords } from "./disputeWords";
import { dueAt } from "./remedyActs";

/** A dispute or a contest: what was shown, until when, what happens then, and who may decide. */
export function Disputed({ remedy }: { remedy: RemedyShape }) {
  const said = useWords(disputeWords);
  const { language } = useLanguage();
  const { dispute } = remedy;
  const contest = remedy.journey?.contest === "open" ? dueAt(remedy, "contest") : undefined;
  if (!dispute && !contest) return null;
  const at = (due: string) => time(due, language);
  const evidence = dueAt(remedy, "evidence");
  const objection = dueAt(remedy, "objection");
  const lines: string[] = [];
  if (dispute) {
    lines.push(said.shown_(dispute.consumer_evidence, dispute.merchant_evidence));
    if (dispute.due_at) {
      const then = dispute.then ? said[`then_${dispute.then}`] : said.thenPlatform;
      lines.push((evidence ? said.evidenceUntil : said.decidedUntil)(at(dispute.due_at), then));
    } else if (dispute.outcome) {
      lines.push(said.decided(said[dispute.outcome]));
      if (objection && !dispute.objected) lines.push(said.objectUntil(at(objection)));
    }
    const who = whoMay(dispute);
    if (who) lines.push(said[who]);
  }
  if (contest) lines.push(said.contestUntil(at(contest)));
  const units = contest && remedy.journey?.contested_units;
  if (units) lines.push(said.contestUnits(units));
  if (contest && remedy.granted_before) lines.push(said.grantedBefore);
  return (
    <section className="disputed" aria-label={said.dispute}>
      <Text size="xs" fw={600}>
        {contest && !dispute?.due_at
          ? said.contested
          : dispute?.objected_by
            ? said[`objected_${dispute.objected_by}`]
            : said.dispute}
      </Text>
      {lines.map((line) => (
        <Text key={line} size="xs">
          {line}
        </Text>
      ))}
    </section>
  );
}

/** An objection is for somebody who had no part in what it is against. */
function whoMay(dispute: DisputeShape): "notYou" | "somebodyElse" | null {
  if (!dispute.due_at || !dispute.objected) return null;
  return dispute.decided_before ? "notYou" : "somebodyElse";
}
