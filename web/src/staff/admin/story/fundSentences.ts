import type { Sentence } from "./sentences";

/** The events of parties' accounts, wallets, budgets and listings. */
export const FUNDS: Record<string, Sentence> = {
  AccountOpened: {
    zh: (of) => `开立了账户（${of.code("holder")}）。`,
    en: (of) => `The account of ${of.code("holder")} was opened.`,
  },
  FundsTold: {
    zh: (of) =>
      `商城系统告知：余额 ${of.amount("balance_minor")}，保证金 ${of.amount("deposit_minor")}，担保资金 ${of.amount("escrow_minor")}。`,
    en: (of) =>
      `The marketplace told: balance ${of.amount("balance_minor")}, deposit ${of.amount("deposit_minor")}, escrow ${of.amount("escrow_minor")}.`,
  },
  AccountCharged: {
    zh: (of) => `售后 ${of.number("remedy")} 要求承担 ${of.amount("asked_minor")}。`,
    en: (of) => `Remedy ${of.number("remedy")} asked for ${of.amount("asked_minor")} of it.`,
  },
  ChargeSettled: {
    zh: (of) => `从${of.code("pocket")}扣了 ${of.amount("amount_minor")}。`,
    en: (of) => `${of.amount("amount_minor")} was taken from the ${of.code("pocket")}.`,
  },
  ChargeReleased: {
    zh: (of) => `退回${of.code("pocket")} ${of.amount("amount_minor")}。`,
    en: (of) => `${of.amount("amount_minor")} was given back to the ${of.code("pocket")}.`,
  },
  AdvanceOwed: {
    zh: (of) => `欠保障基金 ${of.amount("amount_minor")}（售后 ${of.number("remedy")} 的垫付）。`,
    en: (of) =>
      `${of.amount("amount_minor")} is owed to the fund, which paid remedy ${of.number("remedy")}.`,
  },
  AdvanceForgiven: {
    zh: (of) =>
      `不再欠 ${of.amount("owed_minor")}，已追回的 ${of.amount("back_minor")} 退还${of.number("lost_minor") ? `，已核销的 ${of.amount("lost_minor")} 转由基金承担` : ""}（售后 ${of.number("remedy")}）。`,
    en: (of) =>
      `Of remedy ${of.number("remedy")}, ${of.amount("owed_minor")} is owed no more and ${of.amount("back_minor")} goes back${of.number("lost_minor") ? `; ${of.amount("lost_minor")} had been written off, and the fund bears it` : ""}.`,
  },
  RecoveryRequested: {
    zh: (of) =>
      `${of.is("again") ? "再次" : ""}请求从${of.code("pocket")}追回 ${of.amount("amount_minor")}。`,
    en: (of) =>
      `${of.amount("amount_minor")} was asked for from the ${of.code("pocket")}${of.is("again") ? " again" : ""}.`,
  },
  RecoveryPosted: {
    zh: (of) => `从${of.code("pocket")}追回了 ${of.amount("amount_minor")}。`,
    en: (of) => `${of.amount("amount_minor")} was recovered from the ${of.code("pocket")}.`,
  },
  RecoveryVoided: {
    zh: (of) =>
      `没能从${of.code("pocket")}追回 ${of.amount("amount_minor")}：${of.code("reason")}。`,
    en: (of) =>
      `${of.amount("amount_minor")} could not be recovered from the ${of.code("pocket")}: ${of.code("reason")}.`,
  },
  DebtAged: {
    zh: (of) => `${of.amount("amount_minor")} 已欠 ${of.number("days")} 天。`,
    en: (of) =>
      `${of.amount("amount_minor")} has been owed for ${of.number("days")} day${of.number("days") === 1 ? "" : "s"}.`,
  },
  DebtWrittenOff: {
    zh: (of) => `核销 ${of.amount("amount_minor")}。`,
    en: (of) => `${of.amount("amount_minor")} was written off.`,
  },
  MethodAdded: {
    zh: (of) => `添加了支付方式：${of.code("kind")}。`,
    en: (of) => `A way to pay was added: ${of.code("kind")}.`,
  },
  MethodRemoved: { zh: () => "移除了支付方式。", en: () => "A way to pay was removed." },
  BalanceAdjusted: {
    zh: (of) => `余额调整 ${of.amount("amount_minor")}，调整后 ${of.amount("balance_minor")}。`,
    en: (of) =>
      `The balance was adjusted by ${of.amount("amount_minor")} to ${of.amount("balance_minor")}.`,
  },
  BalanceTaken: {
    zh: (of) =>
      `售后 ${of.number("remedy")} 扣款 ${of.amount("amount_minor")}，余额 ${of.amount("balance_minor")}。`,
    en: (of) =>
      `${of.amount("amount_minor")} was taken for remedy ${of.number("remedy")}; ${of.amount("balance_minor")} is left.`,
  },
  BalanceLacking: {
    zh: (of) => `余额不足以支付售后 ${of.number("remedy")} 的 ${of.amount("amount_minor")}。`,
    en: (of) =>
      `There was too little for the ${of.amount("amount_minor")} of remedy ${of.number("remedy")}.`,
  },
  BalanceCredited: {
    zh: (of) =>
      `售后 ${of.number("remedy")} 入账 ${of.amount("amount_minor")}，余额 ${of.amount("balance_minor")}。`,
    en: (of) =>
      `${of.amount("amount_minor")} came in of remedy ${of.number("remedy")}; it is ${of.amount("balance_minor")} now.`,
  },
  PeriodOpened: {
    zh: (of) => `新的一月开始，预算 ${of.amount("amount_minor")}。`,
    en: (of) => `A month began, with ${of.amount("amount_minor")}.`,
  },
  BudgetSet: {
    zh: (of) => `本月预算改为 ${of.amount("amount_minor")}。`,
    en: (of) => `The month's budget was set to ${of.amount("amount_minor")}.`,
  },
  SliceGranted: {
    zh: (of) => `分给第 ${of.number("to")} 份 ${of.amount("amount_minor")}。`,
    en: (of) => `Slice ${of.number("to")} was dealt ${of.amount("amount_minor")}.`,
  },
  GrantAsked: {
    zh: (of) => `需要 ${of.amount("needed_minor")}，请求分配 ${of.amount("wanted_minor")}。`,
    en: (of) =>
      `${of.amount("needed_minor")} was needed and ${of.amount("wanted_minor")} asked for.`,
  },
  GrantTaken: {
    zh: (of) => `分到 ${of.amount("amount_minor")}。`,
    en: (of) => `${of.amount("amount_minor")} was dealt to it.`,
  },
  DrawWaits: {
    zh: (of) => `售后 ${of.number("remedy")} 的 ${of.amount("amount_minor")} 等额度。`,
    en: (of) => `${of.amount("amount_minor")} for remedy ${of.number("remedy")} waits for it.`,
  },
  BudgetDrawn: {
    zh: (of) => `售后 ${of.number("remedy")} 支出 ${of.amount("amount_minor")}。`,
    en: (of) => `${of.amount("amount_minor")} was given for remedy ${of.number("remedy")}.`,
  },
  BudgetExhausted: {
    zh: (of) => `预算不足，没有给售后 ${of.number("remedy")} 的 ${of.amount("amount_minor")}。`,
    en: (of) =>
      `Too little was left for the ${of.amount("amount_minor")} of remedy ${of.number("remedy")}.`,
  },
  BudgetReturned: {
    zh: (of) => `退回 ${of.amount("amount_minor")}，可以再用。`,
    en: (of) => `${of.amount("amount_minor")} came back and can be given again.`,
  },
  ListingDescribed: { zh: () => "商品信息更新了。", en: () => "The listing was described." },
};
