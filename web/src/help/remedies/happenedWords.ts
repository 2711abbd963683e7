import type { HappenedShape } from "../../api/schema";
import { money } from "../../shared/format";
import { inBoth, type Language, spoken } from "../../shared/words";
import { disputeWords } from "./disputeWords";

const WORDS = inBoth({
  requested: { zh: "提出申请", en: "Asked for" },
  compensated: { zh: "自动赔付", en: "Given without being asked" },
  approved: { zh: "已同意", en: "Granted" },
  refused: { zh: "未被同意", en: "Refused" },
  offered: { zh: "提出另一种方式", en: "Something else offered" },
  offer_accepted: { zh: "您接受了", en: "You accepted" },
  offer_declined: { zh: "您没有接受", en: "You did not take it" },
  taken_over: { zh: "平台接手", en: "The platform took it over" },
  human_asked: { zh: "您要求人工处理", en: "You asked for a person" },
  disputed: { zh: "进入争议", en: "The platform is to decide" },
  evidence_shown: { zh: "提交凭证", en: "Evidence shown" },
  decided: { zh: "平台已裁决", en: "The platform decided" },
  objected: { zh: "提出异议", en: "Objection" },
  return_place_named: { zh: "给出退货地址", en: "Address to send it to" },
  return_labelled: { zh: "给出退货面单", en: "Label for the way back" },
  sent_back: { zh: "您已寄出", en: "You sent it" },
  received: { zh: "商家已收到", en: "It arrived" },
  inspected: { zh: "已验货", en: "It was looked at" },
  accepted_in_part: { zh: "部分通过验货", en: "Accepted in part" },
  return_missed: { zh: "寄回时限已过", en: "The time to send it was over" },
  return_reopened: { zh: "重新发起退货", en: "You still want to send it" },
  return_lost: { zh: "退货丢失", en: "It was lost on its way" },
  goods_sent: { zh: "商品已寄出", en: "Sent to you" },
  goods_arrived: { zh: "商品已送达", en: "It arrived" },
  refund_instead: { zh: "改为退款", en: "Money instead" },
  refund_asked: { zh: "发起退款", en: "Refund begun" },
  refund_sent: { zh: "款项已汇出", en: "Money sent" },
  refund_credited: { zh: "款项已到账", en: "Money arrived" },
  refund_failed: { zh: "退款没有成功", en: "The refund did not work" },
  refund_dropped: {
    zh: "这笔款项已由银行退回",
    en: "The bank has given this back already",
  },
  refund_sent_twice: { zh: "款项重复汇出", en: "The money was sent twice" },
  route_asked: { zh: "需要新的退款去向", en: "Another way for the money is needed" },
  charge_failed: { zh: "没有付款，未能进行", en: "It was not paid, so it was not done" },
  charged_late: { zh: "付款太迟，将原路退回", en: "It was paid too late and goes back" },
  change_refused: { zh: "修改没有成功，订单照旧", en: "The change could not be made" },
  settled: { zh: "处理完毕", en: "Done" },
  withdrawn: { zh: "已撤回", en: "Withdrawn" },
  closed: { zh: "已结束", en: "Over" },
});

/** One station of a remedy; undefined for what only desks have words for. */
export function happenedWord(
  step: HappenedShape,
  currency: string,
  language: Language,
): string | undefined {
  const said = spoken(WORDS, language) as Record<string, string>;
  const how = step.what === "decided" && step.outcome ? outcomeWord(step.outcome, language) : "";
  const plain = said[step.what];
  const word = plain && how ? `${plain} · ${how}` : plain;
  if (!word || !step.amount_minor || !currency) return word;
  return `${word} · ${money(step.amount_minor, currency, language)}`;
}

function outcomeWord(outcome: string, language: Language): string {
  const said = spoken(disputeWords, language) as Record<string, unknown>;
  const word = said[outcome];
  return typeof word === "string" ? word : "";
}
