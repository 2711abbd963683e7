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
  more: { zh: "更早的订单", en: "Earlier orders" },
  else: { zh: "其他问题", en: "Something else" },
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
