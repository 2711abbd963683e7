import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "回调", en: "Webhooks" },
  about: {
    zh: "哪些地址会被告知什么，送达得怎样。",
    en: "Which URLs are told of what, and how it is going there.",
  },
  none: { zh: "还没有回调地址。", en: "Nobody is told of anything yet." },
  noneWhy: {
    zh: "加一个地址，就会收到签名的通知；送不到会重试。",
    en: "Add a URL: it gets signed messages, again and again until they are taken.",
  },
  url: { zh: "地址", en: "URL" },
  desk: { zh: "属于", en: "Of" },
  deskHint: {
    zh: "platform、merchant:ID 或 creator:ID",
    en: "platform, merchant:ID or creator:ID",
  },
  topics: { zh: "主题", en: "Topics" },
  all: { zh: "全部", en: "all" },
  state: { zh: "状态", en: "State" },
  works: { zh: "正常", en: "works" },
  failing: {
    zh: (count: number) => `连续失败 ${count} 次`,
    en: (count: number) => (count === 1 ? "failed once" : `failed ${count} times`),
  },
  disabledMark: { zh: "已停用", en: "disabled" },
  add: { zh: "新增地址", en: "Add a URL" },
  addWhat: {
    zh: "选中的主题都会发往这个地址。签名密钥只显示一次。",
    en: "What is chosen here is told there. The secret that signs is shown once.",
  },
  note: { zh: "备注", en: "Note" },
  secretOf: { zh: "签名密钥", en: "The secret that signs" },
  back: { zh: "所有回调", en: "All webhooks" },
  waiting: { zh: "等待", en: "waiting" },
  taken: { zh: "已送达", en: "taken" },
  failed: { zh: "投递失败", en: "given up" },
  ping: { zh: "试发一次", en: "Send a ping" },
  pinged: {
    zh: (code: string, said: string) => `对方答复 ${code}：${said}`,
    en: (code: string, said: string) => `It answered ${code}: ${said}`,
  },
  noCode: { zh: "没有状态码", en: "without a status" },
  rotate: { zh: "更换密钥", en: "Another secret" },
  rotateWhat: {
    zh: "新密钥只显示一次；旧的再有效一天。",
    en: "The new one is shown once. The one before signs, too, for another day.",
  },
  disable: { zh: "停用", en: "Disable" },
  disableWhat: {
    zh: "等待中的投递会放弃，之后可以重放。",
    en: "What waits is given up, and can be replayed.",
  },
  disabled: { zh: "已停用。", en: "Disabled." },
  reason: { zh: "原因", en: "Why" },
  enable: { zh: "恢复", en: "Enable" },
  remove: { zh: "删除", en: "Remove" },
  removeWhat: {
    zh: "等待中的永远不会送达。不能恢复。",
    en: "What waits for it is never sent. This cannot be undone.",
  },
  deliveries: { zh: "投递", en: "Deliveries" },
  noDeliveries: { zh: "没有投递。", en: "There is no delivery." },
  topic: { zh: "主题", en: "Topic" },
  at: { zh: "时间", en: "When" },
  attempts: { zh: "次数", en: "Attempts" },
  answered: { zh: "答复", en: "Answer" },
  replay: { zh: "重放", en: "Replay" },
  replayFailed: { zh: "重放所有失败的", en: "Replay all that failed" },
  replayFailedWhat: {
    zh: (count: string) => `${count} 个投递会以同样的编号再发一次；对方可据此去重。`,
    en: (count: string) =>
      count === "1"
        ? "1 delivery is sent again under the same id, by which the receiver knows it."
        : `${count} deliveries are sent again under the same ids, by which the receiver knows them.`,
  },
  replayed: {
    zh: (count: number) => `${count} 个投递将重发。`,
    en: (count: number) =>
      count === 1 ? "1 delivery is sent again." : `${count} deliveries are sent again.`,
  },
  nextAt: {
    zh: (at: string) => `下次尝试 ${at}`,
    en: (at: string) => `next try ${at}`,
  },
  sendNow: { zh: "立即发送", en: "Send now" },
  sendAllNow: { zh: "立即发送所有等待的", en: "Send now what waits" },
  sendAllNowWhat: {
    zh: "不再等下次尝试，现在就按原来的顺序发送。正在发送的不会发两次；还是送不到的，仍按原定时间再试。",
    en: "It does not wait for its next try, and goes in its order. What is on its way is not sent twice. What is still not taken is tried again when it would have been.",
  },
  sentNow: {
    zh: (count: string) =>
      count === "0"
        ? "没有在等下次尝试的：已经在发送，或已送完。"
        : `${count} 个投递现在按顺序发送。`,
    en: (count: string) => {
      if (count === "0") return "Nothing waits for a next try: it is being sent, or has been.";
      return count === "1"
        ? "1 delivery is sent now."
        : `${count} deliveries are sent now, in their order.`;
    },
  },
  only: { zh: "只看", en: "Only" },
});
