import { inBoth } from "../../shared/words";

export const words = inBoth({
  title: { zh: "待复核", en: "Flagged messages" },
  about: {
    zh: "消息已经发出，但把关时发现了可疑内容，需要平台的人看一眼。作者和其他服务台不知道它被标记。",
    en: "They were sent, and the gate found something in them that somebody of the platform's has to look at. Neither their authors nor other desks know.",
  },
  none: { zh: "没有待复核的消息。", en: "Nothing waits for a review." },
  noneWhy: {
    zh: "把关标记了什么，会出现在这里，最早的在前。",
    en: "What the gate flags appears here, the oldest first.",
  },
  clear: { zh: "没有问题", en: "Nothing wrong with it" },
  uphold: { zh: "确属违规", en: "It breaks the rules" },
  open: { zh: "打开工单", en: "Open the case" },
  noText: { zh: "（没有文字：图片，或已清除）", en: "(no text: a picture, or erased)" },
  agent: { zh: "客服", en: "Agent" },
  consumer: { zh: "消费者", en: "Consumer" },
  marketplace: { zh: "商城系统", en: "Marketplace" },
  admin: { zh: "管理员", en: "Admin" },
  system: { zh: "系统", en: "System" },
  phone: { zh: "电话号码", en: "phone number" },
  email: { zh: "邮箱", en: "e-mail address" },
  messenger: { zh: "站外聊天账号", en: "outside messenger" },
  link: { zh: "链接", en: "link" },
  code: { zh: "二维码", en: "QR code" },
  payment: { zh: "站外付款", en: "outside payment" },
  rating: { zh: "索要好评", en: "asks for a rating" },
  threat: { zh: "威胁", en: "threat" },
  withdrawal: { zh: "劝说撤诉", en: "pressure to withdraw" },
});
