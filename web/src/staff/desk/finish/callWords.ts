import { inBoth } from "../../../shared/words";

export const callWords = inBoth({
  clock: {
    zh: "接通即算已答复消费者；对方来电算一次联系。",
    en: "Whoever was reached has their answer; a call of theirs counts as a contact.",
  },
  direction: { zh: "谁打给谁", en: "Who called" },
  outbound: { zh: "我打给消费者", en: "I called the consumer" },
  inbound: { zh: "消费者打来", en: "The consumer called" },
  audience: { zh: "谁能看到", en: "Who reads it" },
  desks: { zh: "相关服务台", en: "The desks" },
  internal: { zh: "只有本服务台", en: "Only your own desk" },
  number: { zh: "号码", en: "Number" },
  numberWhy: { zh: "只保留打码后的号码", en: "Kept masked only" },
  length: { zh: "通话时长", en: "Length" },
  lengthWhy: { zh: "分:秒；未接通则留空", en: "Minutes:seconds; empty if nobody was reached" },
  lengthWrong: { zh: "例如 3:20", en: "Such as 3:20" },
  text: { zh: "说了什么", en: "What was said" },
  recording: { zh: "录音链接（可不填）", en: "Link to the recording (if there is one)" },
});
