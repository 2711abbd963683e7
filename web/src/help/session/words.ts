import { inBoth } from "../../shared/words";

export const words = inBoth({
  opening: { zh: "正在打开", en: "Opening" },
  noSession: {
    zh: "请从商城里的订单打开帮助，无需再次登录。",
    en: "Open help from your order in the shop; you need not log in again.",
  },
  over: {
    zh: "登录已过期。已输入的内容都还在；请从商城的订单再次打开帮助，或点“继续”。",
    en: "Your session is over. What you typed is kept. Open help from your order in the shop again, then go on.",
  },
  goOn: { zh: "继续", en: "Go on" },
  offline: {
    zh: "现在连不上网。可以继续输入，内容会保留。",
    en: "You are offline. Type on: it is kept here.",
  },
  again: { zh: "再试一次", en: "Try again" },
});
