import { inBoth } from "../shared/words";

export const words = inBoth({
  nothing: { zh: "没有这一页", en: "Nothing here" },
  nothingHere: {
    zh: "这里什么也没有，或您看不到。",
    en: "There is nothing here, or nothing that you may see.",
  },
});
