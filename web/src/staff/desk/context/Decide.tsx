import { Checkbox, NumberInput, SegmentedControl, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { Bears, Decision } from "../../../api/schema";
import { DECIDING } from "../../../shared/decisionReasons";
import { useDraft } from "../../../shared/drafts";
import { minorDigits, money, time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { disputeWords } from "./disputeWords";
import { Reason } from "./Reason";
import { dueAt, type RemedyProps, remedyPath } from "./remedyActs";
import { isWhole, type Shared, Shares } from "./Shares";
import { words } from "./words";

const OUTCOMES = ["granted", "in_part", "refused"] as const;
const BASIS_MAX = 120;
type Outcome = (typeof OUTCOMES)[number];

/** For whom, how much, who bears it, why and on what basis: what both sides are told. */
export function Decide({ remedy, file, onClose }: RemedyProps) {
  const said = useWords(disputeWords);
  const plain = useWords(words);
  const { language } = useLanguage();
  const { currency } = file.remedies;
  const digits = minorDigits(currency);
  const wanted = remedy.dispute?.wanted_minor ?? 0;
  // Where others have given all of it there is nothing left to grant.
  const possible = remedy.dispute?.taken ? OUTCOMES.slice(2) : OUTCOMES;
  const [chosen, setOutcome] = useState<Outcome>("granted");
  const outcome = possible.find((one) => one === chosen) ?? "refused";
  const [part, setPart] = useState<string | number>("");
  const [reason, setReason] = useState<string>(DECIDING[0]);
  const { agent } = useSession();
  const [basis, setBasis] = useDraft(`desk.${agent}.decision.${file.order.id}.${remedy.number}`);
  const [shared, setShared] = useState<Shared | null>(null);
  const inPart = Math.round(Number(part) * 10 ** digits) || 0;
  const amount = { granted: wanted, in_part: inPart, refused: 0 }[outcome];
  const gives = outcome !== "refused";
  // What an objection is against has been given already, unless that was nothing.
  const given = remedy.dispute?.outcome && remedy.dispute.outcome !== "refused";
  const before = given ? remedy.amount_minor : 0;
  const { per_case_minor, today_minor } = file.authority;
  const beyond = amount - before > Math.min(per_case_minor, today_minor);
  const body: Decision = {
    ...{ outcome, reason, basis: basis.trim() },
    amount_minor: outcome === "in_part" ? inPart : null,
    bearers: gives && shared ? bearersOf(shared) : [],
  };
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/decision", {
          params: { path: remedyPath(remedy, file), header },
          body,
        }),
      ),
    () => {
      setBasis("");
      onClose();
    },
  );
  const early = dueAt(remedy, "evidence");
  const parties = ["merchant", ...(file.order.creator ? ["creator"] : []), "carrier", "platform"];
  const inRange = outcome !== "in_part" || (inPart > 0 && inPart < wanted);
  return (
    <ActPanel
      name={said.decideFor(said[outcome], gives ? money(amount, currency, language) : "")}
      clock={remedy.dispute?.objected ? said.finalClock : said.decideClock}
      acting={acting}
      ready={body.basis !== "" && inRange && (!gives || shared === null || isWhole(shared))}
      onClose={onClose}
    >
      {beyond && <Text size="xs">{plain.beyond}</Text>}
      {early && <Text size="xs">{said.early(time(early, language))}</Text>}
      <SegmentedControl
        size="xs"
        aria-label={said.forWhom}
        value={outcome}
        onChange={(wanted) => setOutcome(wanted as Outcome)}
        data={possible.map((value) => ({ value, label: said[value] }))}
      />
      {outcome === "in_part" && (
        <NumberInput
          size="xs"
          label={said.howMuch(money(wanted, currency, language))}
          min={0}
          decimalScale={digits}
          hideControls
          value={part}
          onChange={setPart}
        />
      )}
      <Reason label={said.why} reasons={DECIDING} value={reason} onChange={setReason} />
      <TextInput
        size="xs"
        label={said.basis}
        maxLength={BASIS_MAX}
        value={basis}
        readOnly={acting.isPending}
        onChange={(event) => setBasis(event.currentTarget.value)}
      />
      {gives && (
        <Checkbox
          size="xs"
          label={said.otherShares}
          checked={shared !== null}
          onChange={(event) => setShared(event.currentTarget.checked ? { merchant: 100 } : null)}
        />
      )}
      {gives && shared && <Shares parties={parties} shared={shared} onChange={setShared} />}
    </ActPanel>
  );
}

function bearersOf(shared: Shared): Bears[] {
  return Object.entries(shared)
    .filter(([, percent]) => percent > 0)
    .map(([payer, percent]) => ({ payer: payer as Bears["payer"], percent }));
}
