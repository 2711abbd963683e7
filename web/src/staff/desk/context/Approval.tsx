import { Text } from "@mantine/core";
import type { RemedyShape } from "../../../api/schema";
import { money, time } from "../../../shared/format";
import { plainText } from "../../../shared/plainText";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { useCode } from "../useCode";
import { disputeWords } from "./disputeWords";
import { dueAt } from "./remedyActs";

/** What waits for a second person: how much, for what, until when, and who it is not. */
export function Approval({ remedy, currency }: { remedy: RemedyShape; currency: string }) {
  const said = useWords(disputeWords);
  const { language } = useLanguage();
  const colon = useColon();
  const code = useCode();
  const { approval } = remedy;
  if (!approval) return null;
  const until = dueAt(remedy, "authority");
  const shared = (approval.bearers ?? []).map((one) => `${code(one.payer)} ${one.percent}%`);
  const about = [
    money(approval.amount_minor, currency, language),
    ...(approval.outcome ? [said[approval.outcome]] : []),
    ...(approval.upheld ? [said.merchantRight] : []),
    ...(approval.offered ? [said.offeredInstead(code(approval.offered))] : []),
    ...(approval.reason ? [code(approval.reason)] : []),
    ...shared,
  ].join(" · ");
  return (
    <section className="disputed" aria-label={said.second}>
      <Text size="xs" fw={600}>
        {said.second}
        {colon}
        {about}
      </Text>
      {approval.basis !== undefined && (
        <Text size="xs">
          <bdi>{approval.basis === null ? said.erased : plainText(approval.basis)}</bdi>
        </Text>
      )}
      <Text size="xs">
        {approval.own ? said.secondNotYou : approval.barred ? said.secondBarred : said.secondMay}
        {until && ` ${said.secondUntil(time(until, language))}`}
      </Text>
    </section>
  );
}
