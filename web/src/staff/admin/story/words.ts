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
  case: { zh: (number: number) => `工单 ${number}`, en: (number: number) => `case ${number}` },
  steps: { zh: "步骤", en: "Steps" },
});
