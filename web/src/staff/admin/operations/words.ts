import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "运行", en: "Operations" },
  about: {
    zh: "没有执行成功的，和还没有送出去的。什么都不会丢：在这里再试，或者放弃。",
    en: "What failed, and what waits to leave. Nothing of it is lost: here it is tried again, or given up.",
  },
  failed: { zh: "执行失败", en: "What failed" },
  noneFailed: { zh: "没有失败的命令。", en: "Nothing has failed." },
  command: { zh: "命令", en: "Command" },
  error: { zh: "原因", en: "Why" },
  at: { zh: "时间", en: "When" },
  attempts: { zh: "次数", en: "Tries" },
  retry: { zh: "再试", en: "Try again" },
  drop: { zh: "放弃", en: "Give up" },
  dropWhat: {
    zh: (name: string) => `${name} 不再重试，也不能恢复；日志里会记下是谁放弃的。`,
    en: (name: string) =>
      `${name} is not tried again, for ever. That it was given up, and by whom, stands in the log.`,
  },
  done: { zh: "已成功。", en: "It is done now." },
  stillNot: { zh: (why: string) => `仍未成功：${why}`, en: (why: string) => `Not yet: ${why}` },
  leaving: { zh: "等待送出", en: "What waits to leave" },
  onlyFailed: { zh: "只看送过但失败的", en: "Only what was tried in vain" },
  noneLeaving: { zh: "没有等待送出的。", en: "Nothing waits to leave." },
  topic: { zh: "主题", en: "Topic" },
  since: { zh: "自", en: "Since" },
  next: { zh: "下次尝试", en: "Next try" },
});
