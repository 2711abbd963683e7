import { inBoth } from "../../shared/words";

export const words = inBoth({
  title: { zh: "对账单", en: "Statement" },
  aboutPage: {
    zh: "一个月内账户里有多少、因何变动；每一笔都能查到相关工单。",
    en: "What stood in your accounts in a month, what moved, and why.",
  },
  month: { zh: "月份", en: "Month" },
  currency: { zh: "币种", en: "Currency" },
  nothing: {
    zh: "还没有账目。第一笔售后或结算记账后，会出现在这里。",
    en: "Nothing was booked yet. The first remedy or payout appears here.",
  },
  none: { zh: "这个月没有变动。", en: "Nothing moved in this month." },
  account: { zh: "账户", en: "Account" },
  opening: { zh: "月初", en: "At its beginning" },
  closing: { zh: "月末", en: "At its end" },
  pending: { zh: (sum: string) => `待扣 ${sum}`, en: (sum: string) => `${sum} about to be taken` },
  lines: { zh: "明细", en: "What moved" },
  balances: { zh: "余额", en: "Balances" },
  at: { zh: "时间", en: "When" },
  what: { zh: "事由", en: "What" },
  amount: { zh: "金额", en: "Amount" },
  about: { zh: "相关工单", en: "Case" },
  more: { zh: "显示更多", en: "Show more" },
  export: { zh: "导出 CSV", en: "Export as CSV" },
});
