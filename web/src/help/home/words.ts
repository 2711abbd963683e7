import { inBoth } from "../../shared/words";

export const words = inBoth({
  title: { zh: "帮助", en: "Help" },
  open: { zh: "正在处理", en: "In hand" },
  orders: { zh: "我的订单", en: "My orders" },
  noOrders: {
    zh: "还没有订单。有别的问题，可以直接写给我们。",
    en: "You have no orders yet. For anything else, write to us.",
  },
  search: { zh: "找订单", en: "Find an order" },
  nothingFound: { zh: "没有找到这样的订单。", en: "No order like that." },
  nothingShown: {
    zh: "已显示的订单里没有，可点“更早的订单”继续找。",
    en: "None of those shown. Look in the earlier orders too.",
  },
  more: { zh: "更早的订单", en: "Earlier orders" },
  else: { zh: "其他问题", en: "Something else" },
  myData: { zh: "我的数据", en: "My data" },
  whatIsInIt: {
    zh: "我们保存的关于您的全部内容：订单、对话、消息和文件，以及谁在什么时候查看过您的个人信息。",
    en: "All that we keep about you: orders, conversations, messages and files, and when somebody saw personal data of yours.",
  },
  download: { zh: "下载一份（JSON）", en: "Download a copy (JSON)" },
  past: { zh: "以前的问题", en: "Earlier conversations" },
  answersBy: {
    zh: (what: string, who: string, when: string) => `${what}：${who}在${when}前答复。`,
    en: (what: string, who: string, when: string) => `${what}: ${who} answers by ${when}.`,
  },
  weAsked: {
    zh: (what: string, when: string) => `${what}：我们在等您的答复，${when}前。`,
    en: (what: string, when: string) => `${what}: we asked you something; answer by ${when}.`,
  },
  inHand: {
    zh: (what: string) => `${what}：正在处理。`,
    en: (what: string) => `${what}: we are on it.`,
  },
});
