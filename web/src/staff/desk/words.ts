import { inBoth } from "../../shared/words";

export const words = inBoth({
  title: { zh: "服务台", en: "Desk" },
  list: { zh: "工单列表", en: "Cases" },
  case: { zh: "工单", en: "Case" },
  context: { zh: "订单与方案", en: "Order and remedies" },
  toList: { zh: "返回列表", en: "Back to the list" },
  toCase: { zh: "返回对话", en: "Back to the case" },
  toContext: { zh: "订单与方案", en: "Order and remedies" },
  pickOne: {
    zh: "从左侧选择一个工单，或按 N 接下一单。",
    en: "Choose a case on the left, or press N for the next.",
  },
  pickOneWhy: {
    zh: "打开后，这里是对话，右侧是订单和可用方案。",
    en: "Its conversation stands here then, its order and what can be done on the right.",
  },
  vanished: { zh: "看不到这个工单", en: "This case is not for you to see" },
  vanishedWhy: {
    zh: "地址可能有误，或它已转给其他服务台。您写的草稿仍保留在本机。",
    en: "The address may be wrong, or another desk has it now. What you wrote is kept in this browser.",
  },
  offline: {
    zh: "连接中断，正在重连；已输入的内容都在。",
    en: "Connection lost, trying again; what you typed is kept.",
  },
});
