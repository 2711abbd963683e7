// What the codes of the service are called here; others, from a rule pack of one's own, as they are.
import { useCallback } from "react";
import { inBoth, useLanguage } from "../../shared/words";

const CODES = inBoth({
  refund: { zh: "退款", en: "Refund" },
  return: { zh: "退货", en: "Return" },
  exchange: { zh: "换货", en: "Exchange" },
  quality: { zh: "质量问题", en: "Quality" },
  missing_part: { zh: "少件", en: "Missing part" },
  wrong_item: { zh: "发错货", en: "Wrong item" },
  late_shipping: { zh: "发货超时", en: "Late shipping" },
  late_delivery: { zh: "配送超时", en: "Late delivery" },
  wrong_handover: { zh: "未按需配送", en: "Wrong handover" },
  no_movement: { zh: "物流停滞", en: "No movement" },
  fake_tracking: { zh: "虚假发货", en: "Fake tracking" },
  order_question: { zh: "订单咨询", en: "Order question" },
  price: { zh: "价格", en: "Price" },
  presale: { zh: "预售", en: "Presale" },
  offer: { zh: "口播承诺", en: "Offer" },
  dispute: { zh: "纠纷", en: "Dispute" },
  other: { zh: "其他", en: "Other" },
  cancel: { zh: "取消订单", en: "Cancel" },
  return_and_refund: { zh: "退货退款", en: "Return and refund" },
  resend: { zh: "补发", en: "Resend" },
  repair: { zh: "维修", en: "Repair" },
  price_protection: { zh: "价保", en: "Price protection" },
  compensation: { zh: "赔付", en: "Compensation" },
  changed_mind: { zh: "不想要了", en: "Changed their mind" },
  ordered_by_mistake: { zh: "拍错", en: "Ordered by mistake" },
  late: { zh: "超时", en: "Late" },
  not_received: { zh: "未收到", en: "Not received" },
  not_answered: { zh: "未答复", en: "Not answered" },
  damaged: { zh: "破损", en: "Damaged" },
  spoiled: { zh: "变质", en: "Spoiled" },
  not_as_described: { zh: "与描述不符", en: "Not as described" },
  counterfeit: { zh: "假货", en: "Counterfeit" },
  out_of_stock: { zh: "缺货", en: "Out of stock" },
  refund_granted: { zh: "同意退款", en: "Refund" },
  return_granted: { zh: "同意退货", en: "Return" },
  resend_granted: { zh: "同意补发", en: "Resend" },
  waiting_for_return: { zh: "待寄回", en: "Not sent yet" },
  return_in_transit: { zh: "退货途中", en: "On its way back" },
  requested: { zh: "待处理", en: "Undecided" },
  approved: { zh: "已同意", en: "Granted" },
  settling: { zh: "退款中", en: "Settling" },
  settled: { zh: "已完成", en: "Settled" },
  escrow: { zh: "担保资金", en: "Escrow" },
  balance: { zh: "余额", en: "Balance" },
  deposit: { zh: "保证金", en: "Deposit" },
  claim: { zh: "欠保障基金", en: "Owed to the fund" },
  RefundSent: { zh: "退款汇出", en: "Refund sent" },
  PayoutRecorded: { zh: "结算", en: "Payout" },
  BooksOpened: { zh: "订单付款", en: "Paid for" },
  AdvanceOwed: { zh: "先行垫付", en: "Advance" },
  RecoveryPosted: { zh: "追偿", en: "Recovery" },
  AccountCharged: { zh: "扣划", en: "Charge" },
  ContestDecided: { zh: "申诉裁定", en: "Contest decided" },
  DecisionReversed: { zh: "改判", en: "Decision reversed" },
});

/** Codes in the words of the language in force. */
export function useCode(): (name: string) => string {
  const { language } = useLanguage();
  return useCallback(
    (name: string) => {
      const found = (CODES as Record<string, { zh: string; en: string }>)[name];
      return found ? found[language] : name.replaceAll("_", " ");
    },
    [language],
  );
}
