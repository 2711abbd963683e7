import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "服务台", en: "Desks" },
  about: {
    zh: "平台、商家和达人的服务台。关闭的服务台不再收到新的工单，由平台代为处理。",
    en: "The desks of the platform, of merchants and of creators. A closed desk gets no new work; the platform does it.",
  },
  none: { zh: "还没有服务台。", en: "No desk was opened yet." },
  noneWhy: { zh: "先开平台的服务台：platform。", en: "Open the platform's first: platform." },
  everyDesk: { zh: "所有服务台", en: "All desks" },
  desk: { zh: "服务台", en: "Desk" },
  deskHint: {
    zh: "platform、merchant:ID 或 creator:ID",
    en: "platform, merchant:ID or creator:ID",
  },
  market: { zh: "市场", en: "Market" },
  languages: { zh: "语种", en: "Languages" },
  languagesHint: { zh: "用逗号分开，如 zh, en", en: "parted by commas, like zh, en" },
  state: { zh: "状态", en: "State" },
  open: { zh: "营业", en: "open" },
  closed: { zh: "已关闭", en: "closed" },
  staffed: { zh: "有人", en: "somebody is there" },
  unstaffed: { zh: "无人", en: "nobody is there" },
  surge: { zh: "进线高峰", en: "surge" },
  wait: { zh: "最久等待", en: "Oldest wait" },
  openDesk: { zh: "开设服务台", en: "Open a desk" },
  openWhat: {
    zh: "它会立即开始收到新的工单。已开的服务台再开一次，只更新语种。",
    en: "It takes work from now on. Opened again, only its languages change.",
  },
  close: { zh: "关闭", en: "Close" },
  closeWhat: {
    zh: (desk: string) => `${desk} 不再收到新的工单；已有的工单和时限不变。可以随时再开。`,
    en: (desk: string) =>
      `${desk} gets no new work; what it has keeps its clocks. It can be opened again.`,
  },
  closedNow: {
    zh: (desk: string) => `${desk} 已关闭。`,
    en: (desk: string) => `${desk} is closed.`,
  },
  reopen: { zh: "再开", en: "Open again" },
  story: { zh: "经过", en: "Why" },
});
