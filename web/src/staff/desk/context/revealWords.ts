import { inBoth } from "../../../shared/words";

export const revealWords = inBoth({
  title: { zh: "查看原始信息", en: "See in clear" },
  what: { zh: "看什么", en: "What" },
  why: { zh: "为什么", en: "Why" },
  show: { zh: "查看并记录", en: "Show it; it is on record" },
  note: {
    zh: "每次查看都会记录，几分钟后自动隐藏。",
    en: "Each look is on record, and hidden again after some minutes.",
  },
  until: { zh: (at: string) => `显示到 ${at}`, en: (at: string) => `shown until ${at}` },
  unknown: { zh: "没有这项信息", en: "nothing is known" },
  last: {
    zh: "查看次数过多：班组长处理之前不能再查看。",
    en: "That was much: nothing more is shown until a supervisor has looked into it.",
  },
  hide: { zh: "隐藏", en: "Hide" },
  name: { zh: "姓名", en: "Name" },
  phone: { zh: "电话", en: "Telephone" },
  email: { zh: "邮箱", en: "E-mail" },
  address: { zh: "地址", en: "Address" },
  orderAddress: { zh: "本订单的收货地址", en: "Where this order goes" },
  id_number: { zh: "证件号", en: "Identity number" },
  messages: { zh: "消息原文", en: "Messages as written" },
  call_back: { zh: "回电", en: "To call them back" },
  shipping: { zh: "发货", en: "To send something" },
  identity_check: { zh: "核实身份", en: "To check who they are" },
  fraud_check: { zh: "核查欺诈", en: "To look into fraud" },
  safety: { zh: "安全", en: "Somebody's safety" },
  legal: { zh: "法律要求", en: "The law asks for it" },
});
