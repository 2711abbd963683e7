import type { Sentence } from "./sentences";

/** The events of a conversation. */
export const CONVERSATION: Record<string, Sentence> = {
  ConversationOpened: { zh: () => "会话开始。", en: () => "The conversation began." },
  CaseOpened: {
    zh: (of) => `开了工单：${of.code("issue")}。`,
    en: (of) => `A case was opened: ${of.code("issue")}.`,
  },
  ContactReceived: {
    zh: (of) => `收到联系（${of.code("kind")}，${of.code("channel")}）。`,
    en: (of) => `A contact was received (${of.code("kind")}, by ${of.code("channel")}).`,
  },
  MessagePosted: {
    zh: (of) => `留言给${of.code("audience")}${of.is("automatic") ? "（自动）" : ""}。`,
    en: (of) => `A message to ${of.code("audience")}${of.is("automatic") ? ", by itself" : ""}.`,
  },
  Attributed: {
    zh: (of) => `由${of.desk("owner")}处理，因为：${of.code("owner_reasons") || "规则"}。`,
    en: (of) => `${of.desk("owner")} owns it, because: ${of.code("owner_reasons") || "the rule"}.`,
  },
  RoutedTo: {
    zh: (of) =>
      `进入${of.desk("desk")}的队列“${of.code("skill")}”，优先级 ${of.number("priority")}。`,
    en: (of) =>
      `It went to the queue "${of.code("skill")}" of ${of.desk("desk")}, priority ${of.number("priority")}.`,
  },
  ClockStarted: {
    zh: (of) => `${of.code("side")}的“${of.code("clock")}”开始计时，最迟 ${of.when("due_at")}。`,
    en: (of) =>
      `A clock began for ${of.code("side")}: ${of.code("clock")}, by ${of.when("due_at")}.`,
  },
  ClocksStopped: {
    zh: (of) => `计时停止：${of.code("reason")}。`,
    en: (of) => `Clocks stopped: ${of.code("reason")}.`,
  },
  ClockWarned: {
    zh: (of) => `预警：${of.code("clock") || of.code("kind")} 快到期了。`,
    en: (of) => `A warning: ${of.code("clock") || of.code("kind")} runs out soon.`,
  },
  ClockExpired: {
    zh: (of) => `${of.code("side")}的“${of.code("clock")}”在 ${of.when("due_at")} 到期了。`,
    en: (of) =>
      `The clock of ${of.code("side")} ran out: ${of.code("clock")}, due ${of.when("due_at")}.`,
  },
  ClockPaused: {
    zh: (of) => `“${of.code("clock")}”暂停，还剩 ${of.seconds("left_seconds")}。`,
    en: (of) =>
      `The clock ${of.code("clock")} stands still with ${of.seconds("left_seconds")} to go.`,
  },
  ClockResumed: {
    zh: (of) => `“${of.code("clock")}”继续，最迟 ${of.when("due_at")}。`,
    en: (of) => `The clock ${of.code("clock")} goes on, by ${of.when("due_at")}.`,
  },
  ClockMoved: {
    zh: (of) => `“${of.code("clock")}”改为 ${of.when("due_at")}。`,
    en: (of) => `The clock ${of.code("clock")} was moved to ${of.when("due_at")}.`,
  },
  ObligationMissed: {
    zh: (of) => `${of.desk("desk")}没有按时完成“${of.code("clock")}”。`,
    en: (of) => `${of.desk("desk")} missed ${of.code("clock")}.`,
  },
  PartyReminded: {
    zh: (of) => `提醒了${of.code("who")}（第 ${of.number("number")} 次）。`,
    en: (of) => `${of.code("who")} was reminded (${of.number("number")}).`,
  },
  PriorityRaised: {
    zh: (of) => `优先级提高到 ${of.number("priority")}。`,
    en: (of) => `Its priority was raised to ${of.number("priority")}.`,
  },
  CaseAssigned: {
    zh: (of) => `派给了 ${of.agent("agent")}。`,
    en: (of) => `It was given to ${of.agent("agent")}.`,
  },
  CaseUnassigned: {
    zh: (of) => `从 ${of.agent("agent")} 手上收回：${of.code("reason")}。`,
    en: (of) => `It was taken from ${of.agent("agent")}: ${of.code("reason")}.`,
  },
  AssignmentDeclined: {
    zh: (of) => `没有派成：${of.code("reason")}。`,
    en: (of) => `It was not given: ${of.code("reason")}.`,
  },
  ConsumerAsked: {
    zh: (of) =>
      of.number("from_case")
        ? `工单 ${of.number("from_case")} 里向消费者提的问题改在这里等待回复。`
        : `向消费者提了一个问题（第 ${of.number("number")} 个），等待回复。`,
    en: (of) =>
      of.number("from_case")
        ? `What the consumer was asked in case ${of.number("from_case")} is awaited here now.`
        : `The consumer was asked something (${of.number("number")}), and an answer awaited.`,
  },
  WaitEnded: {
    zh: (of) => `等待结束：${of.code("outcome")}。`,
    en: (of) => `The wait ended: ${of.code("outcome")}.`,
  },
  FollowUpSet: {
    zh: (of) => `约定 ${of.when("due_at")} 再跟进。`,
    en: (of) => `To be looked at again at ${of.when("due_at")}.`,
  },
  Transferred: {
    zh: (of) => `由${of.desk("from_desk")}转交给${of.desk("to_desk")}：${of.code("reason")}。`,
    en: (of) => `${of.desk("from_desk")} gave it to ${of.desk("to_desk")}: ${of.code("reason")}.`,
  },
  Referred: {
    zh: (of) =>
      of.number("from_case")
        ? `工单 ${of.number("from_case")} 里对${of.desk("to_desk")}的询问改在这里继续。`
        : `${of.desk("from_desk")}询问${of.desk("to_desk")}（${of.code("mode")}）。`,
    en: (of) =>
      of.number("from_case")
        ? `What ${of.desk("to_desk")} was asked in case ${of.number("from_case")} goes on here.`
        : `${of.desk("from_desk")} asked ${of.desk("to_desk")}, ${of.code("mode")}.`,
  },
  ReferralEnded: {
    zh: (of) => `对${of.desk("desk")}的询问结束：${of.code("outcome")}。`,
    en: (of) => `What ${of.desk("desk")} was asked is over: ${of.code("outcome")}.`,
  },
  TakenOver: {
    zh: (of) => `平台从${of.desk("from_desk")}接管：${of.code("cause")}。`,
    en: (of) => `The platform took it over from ${of.desk("from_desk")}: ${of.code("cause")}.`,
  },
  Decided: {
    zh: (of) => `按规则判定：${of.code("decision")}。`,
    en: (of) => `Decided by rule: ${of.code("decision")}.`,
  },
  ConsumerTold: {
    zh: (of) => `告知了消费者：${of.code("notice")}。`,
    en: (of) => `The consumer was told: ${of.code("notice")}.`,
  },
  RemedyNoted: {
    zh: (of) => `售后 ${of.number("remedy")} ${of.is("runs") ? "进行中" : "已了结"}。`,
    en: (of) => `Remedy ${of.number("remedy")} ${of.is("runs") ? "is under way" : "has settled"}.`,
  },
  NeedNoted: {
    zh: (of) => (of.is("stands") ? "有售后需要平台人员处理。" : "售后不再需要平台人员处理。"),
    en: (of) =>
      of.is("stands")
        ? "A remedy needs a person of the platform."
        : "No remedy needs a person of the platform any more.",
  },
  CaseResolved: {
    zh: (of) => `解决：${of.code("reason")}。`,
    en: (of) => `Resolved: ${of.code("reason")}.`,
  },
  SolvedConfirmed: {
    zh: () => "消费者确认已解决。",
    en: () => "The consumer confirmed that it is solved.",
  },
  ServiceRated: {
    zh: (of) => `消费者评价服务：${of.number("score")} / 5 分。`,
    en: (of) => `The consumer rated the service ${of.number("score")} of 5.`,
  },
  CaseReopened: {
    zh: (of) => `重新打开：${of.code("cause")}。`,
    en: (of) => `Reopened: ${of.code("cause")}.`,
  },
  CaseClosed: {
    zh: (of) => `关闭，${of.is("contact_once") ? "一次联系就解决了" : "没有做到一次联系解决"}。`,
    en: (of) =>
      `Closed, ${of.is("contact_once") ? "after being contacted once" : "after being contacted more than once"}.`,
  },
  CasesMerged: {
    zh: (of) => `并入工单 ${of.number("into")}。`,
    en: (of) => `Merged into case ${of.number("into")}.`,
  },
  CaseSplit: {
    zh: (of) => `拆出工单 ${of.number("new_case")}。`,
    en: (of) => `Case ${of.number("new_case")} was split off.`,
  },
  Reclassified: {
    zh: (of) => `改为：${of.code("issue")}。`,
    en: (of) => `It is about something else: ${of.code("issue")}.`,
  },
  BreachNoted: {
    zh: (of) => `订单违约：${of.code("breach")}。`,
    en: (of) => `A promise of the order was broken: ${of.code("breach")}.`,
  },
  BreachCorrected: {
    zh: (of) => `更正：没有违约（${of.code("breach")}）。`,
    en: (of) => `Corrected: the promise was not broken (${of.code("breach")}).`,
  },
  CallBackOffered: { zh: () => "提供了回电。", en: () => "A call back was offered." },
  CallBackRequested: {
    zh: () => "消费者要求回电。",
    en: () => "The consumer asked to be called back.",
  },
  PartiesSeen: {
    zh: () => "已确认相关的商家和达人。",
    en: () => "Its merchant and creator were seen.",
  },
  MessageFlagged: { zh: () => "一条留言被把关标记。", en: () => "The gate flagged a message." },
  FlagsReviewed: {
    zh: (of) => `标记已复核：${of.code("outcome")}。`,
    en: (of) => `Flags were reviewed: ${of.code("outcome")}.`,
  },
};
