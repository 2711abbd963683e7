import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "排班", en: "Shifts" },
  about: {
    zh: (zone: string) => `谁哪天几点上班、几点休息。时间按 ${zone}。班次结束前不再派新单。`,
    en: (zone: string) =>
      `Who works when, and when they rest. Times are those of ${zone}. Before a shift ends no new work comes.`,
  },
  wall: { zh: "看板", en: "The wall" },
  week: {
    zh: (from: string, to: string) => `${from} – ${to}`,
    en: (a: string, b: string) => `${a} – ${b}`,
  },
  before: { zh: "上一周", en: "The week before" },
  after: { zh: "下一周", en: "The next week" },
  find: { zh: "查找客服", en: "Find somebody" },
  nobody: { zh: "这个服务台还没有客服。", en: "No agent belongs to this desk yet." },
  nobodyWhy: {
    zh: "管理员在“客服”页把人加入服务台，就能排班了。",
    en: "An admin adds people to the desk on the page of agents; then they can be planned for.",
  },
  noneFound: { zh: "没有找到。", en: "Nobody was found." },
  more: { zh: "更多客服", en: "More people" },
  free: { zh: "无班次", en: "no shift" },
  addOn: {
    zh: (name: string, day: string) => `给 ${name} 排 ${day} 的班`,
    en: (name: string, day: string) => `Plan a shift for ${name} on ${day}`,
  },
  breaks: {
    zh: (count: number) => `休息 ${count} 次`,
    en: (count: number) => (count === 1 ? "1 break" : `${count} breaks`),
  },
  shiftOf: {
    zh: (name: string, day: string) => `${name}，${day}`,
    en: (name: string, day: string) => `${name}, ${day}`,
  },
  rests: { zh: (span: string) => `休息 ${span}`, en: (span: string) => `Break ${span}` },
  drains: {
    zh: (at: string) => `${at} 起不再派新单`,
    en: (at: string) => `No new work from ${at} on`,
  },
  cancel: { zh: "取消班次", en: "Cancel the shift" },
  cancelled: { zh: "班次已取消。", en: "The shift is cancelled." },
  running: {
    zh: "班次正在进行：取消即现在下班，手上的工单回到队列。",
    en: "It runs now: cancelled, it ends now, and what is in hand goes back to the queue.",
  },
  close: { zh: "关闭", en: "Close" },
  plan: { zh: "排班…", en: "Plan shifts…" },
  planTitle: { zh: "排几个班", en: "Plan shifts" },
  who: { zh: "谁", en: "Who" },
  days: { zh: "哪几天", en: "On which days" },
  begins: { zh: "上班", en: "Begins" },
  ends: { zh: "下班", en: "Ends" },
  nextDay: { zh: "次日", en: "on the next day" },
  break: {
    zh: (number: number) => `第 ${number} 次休息`,
    en: (number: number) => `Break ${number}`,
  },
  from: { zh: "从", en: "From" },
  to: { zh: "到", en: "To" },
  addBreak: { zh: "加一次休息", en: "Add a break" },
  removeBreak: {
    zh: (number: number) => `去掉第 ${number} 次休息`,
    en: (number: number) => `Leave out break ${number}`,
  },
  go: {
    zh: (count: number) => `排 ${count} 个班`,
    en: (count: number) => (count === 1 ? "Plan 1 shift" : `Plan ${count} shifts`),
  },
  done: {
    zh: (count: number) => `已排 ${count} 个班。`,
    en: (count: number) => (count === 1 ? "1 shift is planned." : `${count} shifts are planned.`),
  },
  notDone: {
    zh: (count: number) => `${count} 个没有排上：`,
    en: (count: number) => `${count} could not be planned:`,
  },
  onlyFirst: { zh: "只显示前 500 名客服。", en: "Only the first 500 agents are shown." },
});
