import { inBoth } from "../../../shared/words";

export const words = inBoth({
  open: { zh: "快捷短语", en: "Macros" },
  insert: { zh: "插入快捷短语", en: "Insert a macro" },
  search: { zh: "按名称查找", en: "Find by name" },
  none: { zh: "没有合适的快捷短语。", en: "No macro by this name." },
  noneYet: {
    zh: "本台席还没有快捷短语，主管可以添加。",
    en: "Your desk has no macros yet; a supervisor can add some.",
  },
  loading: { zh: "正在打开", en: "Opening" },
  lacking: {
    zh: (name: string) => `“${name}”没有插入：缺少以下信息`,
    en: (name: string) => `“${name}” was not inserted; this is missing:`,
  },
  unknown: { zh: "暂无", en: "not known" },
  hidden: { zh: "未获明文授权", en: "not revealed to you" },
  several: { zh: "有多个，无法确定", en: "there are several" },
  fits: { zh: "适合此工单", en: "fits this case" },
});

/** What each variable stands for. */
export const variableWords = inBoth({
  "consumer.name": { zh: "消费者姓名", en: "the consumer's name" },
  "agent.name": { zh: "您的姓名", en: "your name" },
  "merchant.name": { zh: "商家名称", en: "the shop's name" },
  "order.placed": { zh: "下单时间", en: "when it was ordered" },
  "order.promise": { zh: "承诺送达时间", en: "the promised time" },
  "order.ship_by": { zh: "最迟发货时间", en: "by when it ships" },
  "order.estimate": { zh: "预计送达时间", en: "when it is expected" },
  "order.paid": { zh: "实付金额", en: "what was paid" },
  "refund.amount": { zh: "退款金额", en: "the refund's amount" },
  "refund.until": { zh: "退款时限", en: "by when it is refunded" },
  "case.answer_by": { zh: "答复时限", en: "by when an answer is owed" },
});
