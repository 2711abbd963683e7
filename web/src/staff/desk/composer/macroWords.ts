import { inBoth } from "../../../shared/words";

export const macroWords = inBoth({
  title: { zh: "快捷语", en: "Macros" },
  open: { zh: "插入快捷语", en: "Insert a macro" },
  search: { zh: "查找快捷语", en: "Find a macro" },
  close: { zh: "关闭", en: "Close" },
  none: {
    zh: "还没有快捷语；班组长可以添加。",
    en: "There are none yet; a supervisor of the desk writes them.",
  },
  noneFits: { zh: "没有找到符合的快捷语。", en: "Nothing fits what you look for." },
  missing: { zh: "未插入，缺少：", en: "Not inserted, this is missing:" },
  hidden: { zh: "未查看明文", en: "not revealed to you" },
  several: { zh: "有多个", en: "there are several" },
  unknown: { zh: "未知", en: "not known" },
  "agent.name": { zh: "客服姓名", en: "your name" },
  "case.answer_by": { zh: "答复时间", en: "answer by" },
  "consumer.name": { zh: "消费者姓名", en: "the consumer's name" },
  "merchant.name": { zh: "商家名称", en: "the merchant's name" },
  "order.estimate": { zh: "预计时间", en: "when it is expected" },
  "order.paid": { zh: "实付", en: "what was paid" },
  "order.placed": { zh: "下单时间", en: "when it was placed" },
  "order.promise": { zh: "承诺", en: "the promise" },
  "order.ship_by": { zh: "发货时限", en: "ship by" },
  "refund.amount": { zh: "退款金额", en: "the refund's amount" },
  "refund.until": { zh: "退款时间", en: "when the refund comes" },
});
