import { inBoth } from "../../shared/words";

export const words = inBoth({
  mine: { zh: "我的", en: "Mine" },
  none: { zh: "手上没有待办。", en: "Nothing is in your hands." },
  noneWhy: {
    zh: "有新的会自动派给您；请确认状态为“可接”。",
    en: "New work comes by itself while you are available.",
  },
});
