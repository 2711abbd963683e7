import { inBoth } from "../../../shared/words";

export const words = inBoth({
  mine: { zh: "我的", en: "Mine" },
  next: { zh: "待接", en: "Next" },
  followUps: { zh: "跟进", en: "Follow-ups" },
  waiting: { zh: "等待", en: "Waiting" },
  asked: { zh: "被询问", en: "Asked" },
  resolved: { zh: "已解决", en: "Resolved" },
  panes: { zh: "列表", en: "Lists" },
  fresh: { zh: (count: number) => `${count} 条新`, en: (count: number) => `${count} new` },
  takeNext: { zh: "接下一单", en: "Take the next" },
  nothingWaits: { zh: "现在没有排队的工单。", en: "Nothing waits right now." },
  mineNone: { zh: "手上没有待办。", en: "Nothing is in your hands." },
  mineNoneWhy: {
    zh: "可接单时，新的会自动派来；也可按 N 立即接下一单。",
    en: "While you are available work comes by itself; N takes the next at once.",
  },
  nextNone: { zh: "队列是空的。", en: "The queues are empty." },
  nextNoneWhy: {
    zh: "这里是您的技能可以接的工单，按派单顺序排列。如果一直为空，请管理员检查您的技能。",
    en: "What your skills can take stands here, in the order in which it is given out. If it stays empty, ask an admin about your skills.",
  },
  followUpsNone: { zh: "没有待跟进的。", en: "Nothing to follow up." },
  followUpsNoneWhy: {
    zh: "用“跟进”(S) 设定时间，到点会回到“我的”。",
    en: "Follow up (S) rests a case until a time; then it is back in Mine.",
  },
  waitingNone: { zh: "没有在等消费者的。", en: "Nobody is waited for." },
  waitingNoneWhy: {
    zh: "用“询问消费者”(W) 提问后，工单会停在这里，直到对方回复。",
    en: "After Ask consumer (W) a case stands here until they reply.",
  },
  askedNone: { zh: "没有服务台在等您回答。", en: "No desk waits for your answer." },
  askedNoneWhy: {
    zh: "其他服务台的询问会出现在这里。",
    en: "What other desks ask you stands here.",
  },
  resolvedNone: { zh: "没有您最近解决的工单。", en: "You have resolved nothing lately." },
  resolvedNoneWhy: {
    zh: "您最近解决、尚可重新打开的工单会出现在这里。",
    en: "What you resolved last and can still reopen stands here.",
  },
  readOn: { zh: "重新读取后面的工单", en: "Read the rest again" },
  views: { zh: "保存的视图", en: "Saved views" },
  noView: { zh: "回到列表", en: "Back to the lists" },
  viewNone: { zh: "没有符合此视图的工单。", en: "Nothing fits this view." },
  viewNoneWhy: { zh: "清除视图可回到列表。", en: "Clear the view to see your lists again." },
  mentioned: { zh: "有人提到您", en: "You were named" },
  mentionedAt: {
    zh: (number: number, at: string) => `${at}，工单 #${number}`,
    en: (number: number, at: string) => `${at}, in case #${number}`,
  },
  presence: { zh: "接单状态", en: "Whether work may come" },
  load: {
    zh: (held: number, room: number) => `手上 ${held}，上限 ${room}`,
    en: (held: number, room: number) => `${held} of ${room} in hand`,
  },
  erased: { zh: "（已删除）", en: "(erased)" },
  late: { zh: "已超时", en: "Overdue" },
  notSent: { zh: "未发送", en: "Not sent" },
  unnamed: { zh: "消费者", en: "Consumer" },
  gone: { zh: "已离开列表", en: "No longer in this list" },
  loading: { zh: "正在打开", en: "Opening" },
  moving: {
    zh: "J/K 上下，回车打开，X 或 Shift+点击勾选",
    en: "J and K move, Enter opens, X or Shift+click chooses",
  },
  chooseOne: { zh: "勾选此工单", en: "Choose this case" },
  choose: { zh: (what: string) => `勾选 ${what}`, en: (what: string) => `Choose ${what}` },
  down: { zh: "下一个", en: "Down the list" },
  up: { zh: "上一个", en: "Up the list" },
});

/** What is asked of whoever's shift ends soon. */
export const lineWords = inBoth({
  lines: { zh: "待写交接语", en: "Hand-over lines" },
  ends: {
    zh: (at: string) => `班次 ${at} 结束，届时工单回到队列。请给接手的人留一句话：`,
    en: (at: string) =>
      `Your shift ends at ${at}; what you have then goes back to the queue. Leave a line for whoever is next:`,
  },
  numbered: {
    zh: (number: number) => `工单 #${number}`,
    en: (number: number) => `Case #${number}`,
  },
});

/** What is said to whoever is away without having said so. */
export const awayWords = inBoth({
  break_over: {
    zh: "休息已结束，您仍是离席状态。",
    en: "Your break is over, and you are still away.",
  },
  unseen: {
    zh: "页面太久没有动静，您已被设为离席。",
    en: "Nothing was heard of your page for long, so you are away.",
  },
  shift_end: {
    zh: "班次已结束，手上的工单已回到队列。",
    en: "Your shift is over; what you had in hand is back in the queue.",
  },
  break: {
    zh: "休息已开始：暂不派单，工单仍归您。",
    en: "Your break has begun: no new work comes, and you keep your cases.",
  },
  supervisor: {
    zh: "班组长已把您设为离席。",
    en: "A supervisor has set you away.",
  },
  keeps: {
    zh: (at: string) => `工单为您保留到 ${at}。`,
    en: (at: string) => `You keep your cases until ${at}.`,
  },
  back: { zh: "我回来了", en: "I am back" },
  close: { zh: "关闭", en: "Close" },
});

/** What happens when the clock runs out, and whose it is. */
export const clockWords = inBoth({
  due: {
    zh: (whose: string, happens: string) => `${whose}：${happens}`,
    en: (whose: string, happens: string) => `${whose}: ${happens}`,
  },
  decided: { zh: "自动判定", en: "decided by rule" },
  refund_granted: { zh: "自动退款", en: "auto-refund" },
  taken_over: { zh: "平台接管", en: "taken over" },
  desk_reminded: { zh: "催办", en: "reminder" },
  consumer_reminded: { zh: "提醒", en: "reminded" },
  closed_no_reply: { zh: "无回复关闭", en: "closes, no reply" },
  looked_at_again: { zh: "跟进", en: "look again" },
  referral_lapsed: { zh: "询问失效", en: "referral lapses" },
  more_urgent: { zh: "升级优先", en: "more urgent" },
  closed: { zh: "关闭", en: "closes" },
  window_moved: { zh: "窗口顺延", en: "window moves" },
  granted: {
    zh: (amount: string) => `自动同意 ${amount}`,
    en: (amount: string) => `auto-grant ${amount}`,
  },
  asked_again: { zh: "再次询问", en: "asked again" },
  remedy: { zh: "售后到期", en: "remedy due" },
  consumers: { zh: "消费者", en: "Consumer" },
});
