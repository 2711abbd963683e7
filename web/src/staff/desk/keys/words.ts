import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "快捷键", en: "Keys" },
  letters: { zh: "使用单字母快捷键", en: "Single letters do something" },
  lettersWhy: {
    zh: "只在输入框之外有效；用语音输入时建议关闭。",
    en: "Only outside text. Switch them off if you speak to your computer.",
  },
  key: { zh: "按键", en: "Key" },
  does: { zh: "作用", en: "What it does" },
  open: { zh: "打开选中的工单", en: "Open the chosen case" },
  send: { zh: "发送 / 确认", en: "Send, confirm" },
  everything: { zh: "所有操作", en: "Everything" },
  back: { zh: "返回", en: "Back" },
  help: { zh: "快捷键说明", en: "Keys, all of them" },
  search: { zh: "输入要做的事…", en: "What do you want to do?" },
  nothing: {
    zh: "没有这样的操作。也可粘贴工单地址、消费者编号，或消费者与订单编号。",
    en: "There is nothing like that. A case is found by its address, its consumer's id, or a consumer's and an order's.",
  },
  openCase: {
    zh: (number: number) => `打开工单 #${number}`,
    en: (number: number) => `Open case #${number}`,
  },
  looking: { zh: "正在查找…", en: "Looking…" },
  noCase: { zh: "没有您可以查看的工单。", en: "There is no case here that you may see." },
  failed: { zh: "查找失败，请重试。", en: "It could not be looked up. Try again." },
});
