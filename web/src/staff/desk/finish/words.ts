import { inBoth } from "../../../shared/words";

export const words = inBoth({
  bar: { zh: "了结", en: "Finish" },
  resolve: { zh: "解决", en: "Resolve" },
  resolveClock: {
    zh: "开始：再联系窗口。窗口内消费者再来，同一工单重新打开。",
    en: "Starts the recontact window: if they come back within it, this very case reopens.",
  },
  reason: { zh: "原因", en: "Reason" },
  ask: { zh: "询问消费者", en: "Ask consumer" },
  askClock: {
    zh: "开始：回复时钟。您的时钟暂停；提醒两次，仍无回复则关闭，对方一点即可重开。",
    en: "Starts the reply clock; yours stands still. Two reminders, then it closes as no reply and reopens by one tap.",
  },
  question: { zh: "要问的话", en: "The question" },
  refer: { zh: "询问台席", en: "Refer" },
  referClock: {
    zh: "开始：对方台席的答复时钟。消费者没有感觉，消费者的时钟继续走。",
    en: "Starts the other desk's clock. The consumer notices nothing, and theirs runs on.",
  },
  toDesk: { zh: "台席", en: "Desk" },
  stay: { zh: "工单留在我这里", en: "The case stays with me" },
  handOver: { zh: "工单暂时交给对方", en: "The case goes there meanwhile" },
  mode: { zh: "方式", en: "How" },
  followUp: { zh: "跟进", en: "Follow up" },
  followUpClock: {
    zh: "开始：跟进时钟。到点回到您手上；其他时钟继续走。",
    en: "Starts the follow-up clock: then it is back in your hands. All others run on.",
  },
  when: { zh: "什么时候", en: "When" },
  inHours: {
    zh: (hours: number) => `${hours} 小时后`,
    en: (hours: number) => (hours === 1 ? "in 1 hour" : `in ${hours} hours`),
  },
  tomorrow: { zh: "明天 9:00", en: "tomorrow at 9:00" },
  more: { zh: "更多", en: "More" },
  transfer: { zh: "转交台席", en: "Transfer" },
  transferClock: {
    zh: "对方台席从此负责，它的时钟开始；消费者的时钟继续走。",
    en: "That desk owns it from now on and its clock starts; the consumer's runs on.",
  },
  takeOver: { zh: "平台接管", en: "Take over" },
  takeOverClock: {
    zh: "平台从此负责，消费者会被告知；平台的时钟开始。",
    en: "The platform owns it from now on, and the consumer is told so; the platform's clock starts.",
  },
  merge: { zh: "并入", en: "Merge" },
  mergeClock: {
    zh: "本工单结束，联系记录并入所选工单，它的时钟继续走。",
    en: "This case ends in the other, which goes on with its own clocks.",
  },
  into: { zh: "并入哪个", en: "Into which" },
  split: { zh: "拆分", en: "Split" },
  splitClock: {
    zh: "第二个问题成为新工单，有自己的时钟。",
    en: "The second problem becomes a case of its own, with clocks of its own.",
  },
  issue: { zh: "新问题", en: "The second problem" },
  release: { zh: "放回队列", en: "Give back to the queue" },
  releaseClock: {
    zh: "回到本台席队列，所有时钟继续走。",
    en: "Back to your desk's queue; all clocks run on.",
  },
  line: { zh: "交接语（下一位看得到）", en: "A line for whoever has it next" },
  reopen: { zh: "重新打开", en: "Reopen" },
  reopenClock: {
    zh: "同一工单继续，答复时钟重新开始。",
    en: "The same case goes on, and its response clocks start anew.",
  },
  answerReferral: { zh: "回答询问", en: "Answer the desk that asked" },
  answerReferralClock: {
    zh: "询问结束；交来的工单回到对方台席。",
    en: "What was asked is answered; a case that was handed over goes back.",
  },
  answer: { zh: "回答", en: "The answer" },
  pick: { zh: "领取", en: "Take this one" },
  pickClock: {
    zh: "从队列领取到自己手上；需要领取权限。",
    en: "Out of the queue into your hands. It needs leave to pick.",
  },
  why: { zh: "理由", en: "Why" },
  wrong_desk: { zh: "不归本台席", en: "Not this desk's" },
  needs_authority: { zh: "超出权限", en: "Beyond our authority" },
  consumer_harmed: { zh: "消费者利益受损", en: "The consumer is being harmed" },
  no_progress: { zh: "没有进展", en: "Nothing moves" },
  cancel: { zh: "取消", en: "Cancel" },
  over: { zh: "此工单已结束。", en: "This case is over." },
});
