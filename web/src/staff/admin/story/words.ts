import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "经过：为什么会这样", en: "Why did this happen" },
  about: {
    zh: "任何一张工单从头到尾：谁做了什么、依据哪条规则、规则从哪来。正文不在其中。",
    en: "Any case from its beginning: who did what, on which rule, and where that rule comes from. Without anybody's words.",
  },
  find: {
    zh: "粘贴工单的网址，或消费者编号",
    en: "Paste the address of a case, or a consumer's id",
  },
  look: { zh: "查看", en: "Look" },
  noId: { zh: "里面没有编号。", en: "There is no id in it." },
  conversations: { zh: "这位消费者的会话", en: "This consumer's conversations" },
  none: { zh: "没有会话。", en: "There is no conversation." },
  noneWhy: {
    zh: "编号可能有误，或此人从未联系过。",
    en: "The id may be wrong, or they have never written.",
  },
  start: { zh: "从一个编号开始。", en: "Begin with an id." },
  startWhy: {
    zh: "工单页面的地址里有它；回测结果和日志里也有。",
    en: "It stands in the address of a case, in a backtest's examples, and in the log.",
  },
  subject: { zh: "关于", en: "About" },
  changed: { zh: "最近变化", en: "Last changed" },
  cases: { zh: "工单数", en: "Cases" },
  basis: { zh: "依据", en: "On the basis of" },
  program: { zh: "程序自带的默认值", en: "the program's own default" },
  default: { zh: "本平台默认", en: "our default" },
  details: { zh: "原始记录", en: "As recorded" },
  cut: { zh: "只显示前 1,000 步。", en: "The first 1,000 steps are shown." },
  only: { zh: "只看", en: "Only" },
  all: { zh: "全部", en: "all" },
  conversation: { zh: "会话", en: "the conversation" },
  order: { zh: "订单", en: "the order" },
  remedies: { zh: "售后", en: "what was made good" },
  of: { zh: (what: string) => `${what} 的经过`, en: (what: string) => `The story of ${what}` },
  nothing: { zh: "没有发生过什么。", en: "Nothing has happened to it." },
  nothingWhy: {
    zh: "编号可能有误，或还没有用到过。",
    en: "The id may be wrong, or it was not used yet.",
  },
  kind: { zh: "找什么", en: "Of what" },
  oneCase: { zh: "工单", en: "a case" },
  wallet: { zh: "消费者的钱包", en: "a consumer's wallet" },
  account: { zh: "商家、达人等的账户", en: "a party's account" },
  listing: { zh: "商品", en: "a listing" },
  findWallet: { zh: "粘贴消费者编号", en: "Paste a consumer's id" },
  findAccount: { zh: "粘贴编号和币种，如 CNY", en: "Paste the party's id and a currency, as CNY" },
  findListing: {
    zh: "粘贴商家编号和商品编号",
    en: "Paste the merchant's id and the listing's",
  },
  lacks: { zh: "还缺编号或币种。", en: "An id or the currency is missing." },
  elsewhere: { zh: "相关的经过", en: "What else was part of it" },
  walletHere: { zh: "钱包", en: "The wallet" },
  accountOf: {
    zh: (whose: string, currency: string) => `${whose} 的 ${currency} 账户`,
    en: (whose: string, currency: string) => `The ${currency} account of ${whose}`,
  },
  ofAccount: {
    zh: (party: string, currency: string) => `${party} 的 ${currency} 账户的经过`,
    en: (party: string, currency: string) => `The story of the ${currency} account of ${party}`,
  },
  ofWallet: {
    zh: (consumer: string) => `${consumer} 的钱包的经过`,
    en: (consumer: string) => `The story of the wallet of ${consumer}`,
  },
  ofBudget: {
    zh: (budget: string, market: string, currency: string, slice: number) =>
      `${market} 预算“${budget}”（${currency}${slice ? `，第 ${slice} 份` : ""}）的经过`,
    en: (budget: string, market: string, currency: string, slice: number) =>
      `The story of the budget "${budget}" of ${market} in ${currency}${slice ? `, slice ${slice}` : ""}`,
  },
  ofListing: {
    zh: (listing: string) => `商品 ${listing} 的经过`,
    en: (listing: string) => `The story of the listing ${listing}`,
  },
  consumersCases: { zh: "消费者的工单", en: "the consumer's cases" },
  slice: { zh: (number: number) => `第 ${number} 份`, en: (number: number) => `slice ${number}` },
  case: { zh: (number: number) => `工单 ${number}`, en: (number: number) => `case ${number}` },
  steps: { zh: "步骤", en: "Steps" },
});
