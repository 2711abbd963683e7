import { inBoth } from "../shared/words";

export const words = inBoth({
  title: { zh: "帮助", en: "Help" },
  opening: { zh: "正在打开", en: "Opening" },
  noSession: {
    zh: "请从商城里的订单打开帮助，无需再次登录。",
    en: "Open help from your order in the shop; you need not log in again.",
  },
  conversations: { zh: "我的问题", en: "My conversations" },
  none: { zh: "还没有问题。", en: "Nothing is open." },
});
