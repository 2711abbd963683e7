import { inBoth } from "../../shared/words";

export const words = inBoth({
  loading: { zh: "正在读取", en: "Loading" },
  again: { zh: "再试一次", en: "Try again" },
  back: { zh: "返回", en: "Back" },
  close: { zh: "关闭", en: "Close" },
  home: { zh: "帮助首页", en: "Help home" },
});
