// What codes are called that only a home and a statement show; all others are called as at the desk.
import { useCallback } from "react";
import { inBoth, useLanguage } from "../../shared/words";
import { code } from "../desk/codes";

const CODES = inBoth({
  // What a refusal rests on.
  seen_in_pictures: { zh: "图片可见", en: "The pictures show it" },
  seen_in_tracking: { zh: "物流记录可见", en: "Tracking shows it" },
  said_when_sold: { zh: "售前已说明", en: "It was said before the sale" },
  // What stands in which account.
  escrow: { zh: "担保资金", en: "Escrow" },
  merchant_payable: { zh: "余额", en: "Balance" },
  merchant_deposit: { zh: "保证金", en: "Deposit" },
  creator_commission: { zh: "佣金", en: "Commission" },
  receivable: { zh: "欠保障基金", en: "Owed to the fund" },
  written_off: { zh: "已核销", en: "Written off" },
  platform_subsidy: { zh: "平台补贴", en: "Platform's subsidy" },
  platform_fee: { zh: "平台服务费", en: "Platform's fee" },
  assurance_fund: { zh: "保障基金", en: "Assurance fund" },
  payment_clearing: { zh: "支付途中", en: "On its way through payments" },
  // What moved it.
  PaymentBooked: { zh: "补付入账", en: "Payment" },
  ChargeTaken: { zh: "补差扣款", en: "Charge for a change" },
  ChargeTakenLate: { zh: "迟到的补差，退回", en: "Charged too late, given back" },
  RefundRequested: { zh: "退款预扣", en: "Refund set aside" },
  RefundFailed: { zh: "退款未成功，退回", en: "Refund failed, given back" },
  RemedySettled: { zh: "售后完成", en: "Remedy settled" },
  BearersChanged: { zh: "改由他方承担", en: "Borne by others now" },
  FreightCharged: { zh: "退货运费", en: "Return freight" },
  RefundSentTwice: { zh: "重复退款", en: "Sent twice" },
  OutsideRecorded: { zh: "平台外退款", en: "Given outside" },
  AdvanceForgiven: { zh: "免除垫付", en: "Advance forgiven" },
  DebtWrittenOff: { zh: "欠款核销", en: "Debt written off" },
  RecoveryRequested: { zh: "发起追偿", en: "Recovery asked for" },
  RecoveryVoided: { zh: "追偿作废", en: "Recovery void" },
  RefundSent: { zh: "退款汇出", en: "Refund sent" },
  PayoutRecorded: { zh: "结算", en: "Payout" },
  BooksOpened: { zh: "订单付款", en: "Paid for" },
  AdvanceOwed: { zh: "先行垫付", en: "Advance" },
  RecoveryPosted: { zh: "追偿", en: "Recovery" },
  AccountCharged: { zh: "扣划", en: "Charge" },
  ContestDecided: { zh: "申诉裁决", en: "Contest decided" },
  DecisionReversed: { zh: "改判", en: "Decision reversed" },
});

/** Codes in the words of the language in force. */
export function useCode(): (name: string) => string {
  const { language } = useLanguage();
  return useCallback(
    (name: string) => {
      const found = (CODES as Record<string, { zh: string; en: string }>)[name];
      return found ? found[language] : code(name, language);
    },
    [language],
  );
}
