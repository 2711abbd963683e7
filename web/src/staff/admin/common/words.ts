import { inBoth } from "../../../shared/words";

export const words = inBoth({
  cancel: { zh: "取消", en: "Cancel" },
  close: { zh: "关闭", en: "Close" },
  more: { zh: "更多", en: "More" },
  again: { zh: "再试一次", en: "Try again" },
  loading: { zh: "正在读取", en: "Loading" },
  undo: { zh: "撤销", en: "Undo" },
  undone: { zh: "已撤销。", en: "Undone." },
  notUndone: { zh: "没能撤销，请刷新后再看。", en: "It could not be undone. Look again." },
  copy: { zh: "复制", en: "Copy" },
  copied: { zh: "已复制", en: "Copied" },
  saved: { zh: "已保存。", en: "Saved." },
  desk: { zh: "服务台", en: "Desk" },
  market: { zh: "市场", en: "Market" },
  once: {
    zh: "只显示这一次，请现在保存；我们不留底。",
    en: "It is shown this once: keep it now, we do not.",
  },
});
