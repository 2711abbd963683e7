// What codes are called that only a home and a statement show; all others are called as at the desk.
import { useCallback } from "react";
import { inBoth, useLanguage } from "../../shared/words";
import { code } from "../desk/codes";

const CODES = inBoth({
  not_answered: { zh: "未答复", en: "Not answered" },
  out_of_stock: { zh: "缺货", en: "Out of stock" },
  refund_granted: { zh: "同意退款", en: "Refund" },
  return_granted: { zh: "同意退货", en: "Return" },
  resend_granted: { zh: "同意补发", en: "Resend" },
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
      return found ? found[language] : code(name, language);
    },
    [language],
  );
}
