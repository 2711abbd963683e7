import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "保障基金与预算", en: "Fund and budgets" },
  about: {
    zh: "平台先行赔付的钱：给出多少、追回多少、还欠多少，以及本月还剩多少可用。",
    en: "What the platform's fund gave, has back and is still owed, and how much there is this month.",
  },
  from: { zh: "从", en: "From" },
  to: { zh: "到（含）", en: "Through" },
  wrongSpan: { zh: "结束不能早于开始。", en: "The last day is before the first." },
  noSpan: { zh: "请选择开始和结束日期。", en: "Choose the first and the last day." },
  none: { zh: "这段时间没有动用。", en: "Nothing moved in these days." },
  used: { zh: "支出", en: "Left the fund" },
  advanced: { zh: "其中垫付", en: "Of that for others" },
  recovered: { zh: "已追回", en: "Recovered" },
  borne: { zh: "平台承担", en: "Stays with the platform" },
  goodwill: { zh: "关怀补偿", en: "Goodwill" },
  writtenOff: { zh: "核销", en: "Written off" },
  orders: { zh: "订单数", en: "Orders" },
  perOrder: { zh: "每单成本", en: "Cost per order" },
  outstanding: {
    zh: (from: number, to: number | null) =>
      to === null ? `现在还欠，${from} 天以上` : `现在还欠，${from}–${to} 天`,
    en: (from: number, to: number | null) =>
      to === null ? `Owed now, for ${from} days or more` : `Owed now, for ${from} to ${to} days`,
  },
  budgets: { zh: "本月预算", en: "This month's budgets" },
  noBudgets: { zh: "规则里没有预算。", en: "The rules know no budget." },
  budget: { zh: "预算", en: "Budget" },
  month: { zh: "月份", en: "Month" },
  amount: { zh: "总额", en: "Amount" },
  byRule: { zh: "按规则，本月尚未动用", en: "by the rules; not touched this month" },
  dealt: { zh: "已分配", en: "Dealt out" },
  given: { zh: "已支出", en: "Given" },
  returned: { zh: "已退回，可再用", en: "Came back" },
  waiting: { zh: "等额度的", en: "Waiting for it" },
  set: { zh: "调整", en: "Change" },
  setWhat: {
    zh: "只改本月，不能少于已分配的；下月恢复为规则里的数。",
    en: "For this month only, and never less than was dealt out. Next month it is what the rules say.",
  },
  newAmount: {
    zh: (currency: string) => `本月总额（${currency}）`,
    en: (c: string) => `Amount this month (${c})`,
  },
});
