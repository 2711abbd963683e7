import { inBoth } from "../../../shared/words";

export const answerWords = inBoth({
  evidence: { zh: "证据（可不选）", en: "Evidence (if there is any)" },
  evidenceFile: {
    zh: (number: number, at: string) => `文件 ${number}，${at}`,
    en: (number: number, at: string) => `File ${number}, of ${at}`,
  },
  noEvidence: {
    zh: "要附证据：先把文件发到服务台或消费者，再在这里选择。",
    en: "To show evidence, send the file to the desks or the consumer first; then choose it here.",
  },
  offer: { zh: "提出别的方案", en: "Offer something else" },
  offerWhat: { zh: "给什么", en: "What instead" },
  offerAmount: { zh: "金额", en: "How much" },
  howMany: { zh: (item: string) => `${item}：几件`, en: (item: string) => `How many: ${item}` },
  instead: { zh: (item: string) => `${item}：换成`, en: (item: string) => `Instead of ${item}` },
  sameAgain: { zh: "同款再发", en: "The same again" },
  variant: {
    zh: (id: string, price: string, bought: boolean) =>
      `款式 ${id} · ${price}${bought ? "（所购）" : ""}`,
    en: (id: string, price: string, bought: boolean) =>
      `Variant ${id} · ${price}${bought ? " (as bought)" : ""}`,
  },
  offerClock: {
    zh: "开始：消费者一点即可接受；到时未接受，原申请继续。",
    en: "Starts the consumer's clock: one tap takes it; otherwise what they asked for goes on.",
  },
  offerUntil: { zh: (at: string) => `到 ${at} 有效`, en: (at: string) => `stands until ${at}` },
  offerNow: {
    zh: (what: string, amount: string) => `提出：${what} ${amount}`,
    en: (what: string, amount: string) => `Offer: ${what} ${amount}`,
  },
});
