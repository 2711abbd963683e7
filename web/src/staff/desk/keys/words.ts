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
  nothing: { zh: "没有这样的操作", en: "There is nothing like that" },
});
