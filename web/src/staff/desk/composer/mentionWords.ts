import { inBoth } from "../../../shared/words";

export const mentionWords = inBoth({
  title: { zh: "提到同事", en: "Mention a colleague" },
  open: { zh: "@ 同事", en: "@ Mention" },
  search: { zh: "按名字查找", en: "Find by name" },
  none: { zh: "没有找到。", en: "Nobody found." },
  close: { zh: "关闭", en: "Close" },
  told: { zh: "会通知", en: "Told of it" },
  unnamed: { zh: (end: string) => `同事 ${end}`, en: (end: string) => `Colleague ${end}` },
  remove: { zh: (name: string) => `不通知 ${name}`, en: (name: string) => `Do not tell ${name}` },
});
