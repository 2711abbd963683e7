import { inBoth } from "../../../shared/words";

export const words = inBoth({
  brief: { zh: "概要", en: "Brief" },
  wanted: { zh: "诉求", en: "Wanted" },
  promised: { zh: "承诺", en: "Promised" },
  tried: { zh: "已做", en: "Tried" },
  evidence: { zh: "证据", en: "Evidence" },
  answerable: { zh: "责任", en: "Answerable" },
  causedBy: {
    zh: (who: string) => `起因：${who}`,
    en: (who: string) => `caused by ${who.toLowerCase()}`,
  },
  presumed: { zh: "规则推定", en: "presumed by rule" },
  handOver: { zh: "交接", en: "Hand-over" },
  rated: { zh: "评价", en: "Rated" },
  score: { zh: (score: number) => `${score} / 5 分`, en: (score: number) => `${score} of 5` },
  answerBy: {
    zh: (at: string) => `${at} 前答复消费者`,
    en: (at: string) => `An answer to the consumer by ${at}`,
  },
  replyBy: {
    zh: (at: string) => `等消费者回复到 ${at}`,
    en: (at: string) => `Waits for the consumer until ${at}`,
  },
  callBack: { zh: "已答应回电", en: "A call was promised" },
  nothingPromised: { zh: "没有未兑现的承诺", en: "Nothing is promised and open" },
  contacts: {
    zh: (count: number) => `联系 ${count} 次`,
    en: (count: number) => (count === 1 ? "1 contact" : `${count} contacts`),
  },
  reopens: {
    zh: (count: number) => `重开 ${count} 次`,
    en: (count: number) => `reopened ${count}×`,
  },
  messagesTo: {
    zh: (count: number) => `已回复 ${count} 次`,
    en: (count: number) => (count === 1 ? "1 answer" : `${count} answers`),
  },
  remedies: {
    zh: (count: number) => `方案 ${count} 个`,
    en: (count: number) => (count === 1 ? "1 remedy" : `${count} remedies`),
  },
  nothingTried: { zh: "还没有", en: "nothing yet" },
  files: {
    zh: (count: number) => `${count} 个文件`,
    en: (count: number) => (count === 1 ? "1 file" : `${count} files`),
  },
  noFiles: { zh: "没有文件", en: "no files" },
  cases: { zh: "此对话中的工单", en: "Cases in this conversation" },
  thread: { zh: "对话", en: "Conversation" },
  toConsumer: { zh: "消费者可见", en: "To the consumer" },
  amongDesks: { zh: "服务台之间", en: "Among desks" },
  note: { zh: "内部备注", en: "Internal note" },
  erased: { zh: "（内容已删除）", en: "(erased)" },
  inbound: {
    zh: (number: string, length: string) =>
      length ? `${number} 来电，通话 ${length}` : `${number} 来电，未接通`,
    en: (number: string, length: string) =>
      length ? `${number} called, ${length}` : `${number} called, not reached`,
  },
  outbound: {
    zh: (number: string, length: string) =>
      length ? `致电 ${number}，通话 ${length}` : `致电 ${number}，未接通`,
    en: (number: string, length: string) =>
      length ? `Called ${number}, ${length}` : `Called ${number}, not reached`,
  },
  recording: { zh: "录音", en: "Recording" },
  orderCard: { zh: "订单卡片", en: "Order card" },
  remedyCard: {
    zh: (number: number) => `方案卡片 ${number}`,
    en: (number: number) => `Remedy card ${number}`,
  },
  translate: { zh: "翻译", en: "Translate" },
  translated: { zh: "机器翻译", en: "Translated by a machine" },
  flagged: { zh: "内容被标记，待审核", en: "Flagged; waits for a review" },
  you: { zh: "我", en: "You" },
  agent: { zh: "客服", en: "Agent" },
  consumer: { zh: "消费者", en: "Consumer" },
  system: { zh: "系统", en: "System" },
  marketplace: { zh: "商城系统", en: "Marketplace" },
  admin: { zh: "管理员", en: "Admin" },
  picture: { zh: "附件图片", en: "Attached picture" },
  file: { zh: "打开附件", en: "Open the file" },
  sending: { zh: "即将发送", en: "Being sent" },
  undo: { zh: "撤回", en: "Undo" },
  notSent: { zh: "未发送", en: "Not sent" },
  retry: { zh: "重试", en: "Retry" },
  empty: { zh: "还没有人说话。", en: "Nobody has said anything yet." },
  regulator: { zh: "监管投诉：按监管时限处理", en: "A regulator's case: their deadlines hold" },
  kept: { zh: "您写的草稿", en: "What you wrote" },
  yours: { zh: "在您手上", en: "in your hands" },
  consumerWrites: { zh: "消费者正在输入", en: "The consumer is writing" },
  aColleague: { zh: "一位同事", en: "A colleague" },
  aDesk: {
    zh: (desk: string) => `${desk}服务台`,
    en: (desk: string) => `The ${desk.toLowerCase()}'s desk`,
  },
  looks: { zh: (who: string) => `${who}正在看`, en: (who: string) => `${who} is looking` },
  writes: { zh: (who: string) => `${who}正在输入`, en: (who: string) => `${who} is writing` },
  writesToConsumer: {
    zh: (who: string) => `${who}正在回复消费者`,
    en: (who: string) => `${who} is writing to the consumer`,
  },
  whisper: { zh: "悄悄话", en: "Whisper" },
  colleague: { zh: "同事处理中", en: "A colleague has it" },
});
