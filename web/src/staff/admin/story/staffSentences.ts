import type { Sentence } from "./sentences";

/** The events of agents, desks, rulebooks and parties. */
export const STAFF: Record<string, Sentence> = {
  AgentRegistered: {
    zh: (of) => `登记，同时接 ${of.number("capacity")} 个工单。`,
    en: (of) => `They were registered, for ${of.number("capacity")} cases at once.`,
  },
  AgentUpdated: { zh: () => "姓名或邮箱更新了。", en: () => "Their name or e-mail was changed." },
  AgentDataErased: { zh: () => "个人信息已清除。", en: () => "Their personal data was erased." },
  DeskJoined: {
    zh: (of) => `从 ${of.when("starts_at")} 起加入${of.desk("desk")}服务台（${of.code("role")}）。`,
    en: (of) =>
      `They joined the desk of ${of.desk("desk")} as ${of.code("role")}, from ${of.when("starts_at")}.`,
  },
  DeskLeft: {
    zh: (of) => `${of.when("ends_at")} 离开${of.desk("desk")}服务台。`,
    en: (of) => `They left the desk of ${of.desk("desk")} at ${of.when("ends_at")}.`,
  },
  SkillsSet: {
    zh: (of) => `技能改为：${of.code("skills") || "无"}；语种：${of.code("languages") || "不限"}。`,
    en: (of) =>
      `Their skills were set: ${of.code("skills") || "none"}; languages: ${of.code("languages") || "any"}.`,
  },
  CapacitySet: {
    zh: (of) => `改为同时接 ${of.number("capacity")} 个工单。`,
    en: (of) => `Their cases at once were set to ${of.number("capacity")}.`,
  },
  PickingSet: {
    zh: (of) => (of.is("picks") ? "可以自己从队列里挑工单了。" : "不能再自己挑工单。"),
    en: (of) =>
      of.is("picks") ? "They may pick cases by hand." : "They may pick cases by hand no more.",
  },
  LimitsSet: {
    zh: (of) =>
      `整理时间 ${of.seconds("wrap_up_seconds")}，离席保留 ${of.seconds("grace_seconds")}，下班前停派 ${of.seconds("drain_seconds")}。`,
    en: (of) =>
      `Their times were set: to wrap up ${of.seconds("wrap_up_seconds")}, absent ${of.seconds("grace_seconds")}, before the end ${of.seconds("drain_seconds")}.`,
  },
  ShiftPlanned: {
    zh: (of) => `排了班：${of.when("starts_at")} 至 ${of.when("ends_at")}。`,
    en: (of) => `A shift was planned: ${of.when("starts_at")} to ${of.when("ends_at")}.`,
  },
  ShiftCancelled: {
    zh: (of) => `取消了 ${of.when("starts_at")} 的班次。`,
    en: (of) => `The shift of ${of.when("starts_at")} was cancelled.`,
  },
  ShiftBegan: { zh: () => "班次开始。", en: () => "The shift began." },
  DrainingBegan: {
    zh: (of) => `${of.when("ends_at")} 下班，不再派新工单。`,
    en: (of) => `No new work any more, as the shift ends at ${of.when("ends_at")}.`,
  },
  HandOverAsked: {
    zh: () => "请他为手上的工单写交接。",
    en: () => "They were asked for a hand-over line for each case in hand.",
  },
  ShiftEnded: { zh: () => "班次结束。", en: () => "The shift ended." },
  BreakBegan: {
    zh: (of) => `休息开始，到 ${of.when("ends_at")}。`,
    en: (of) => `A break began, until ${of.when("ends_at")}.`,
  },
  BreakEnded: { zh: () => "休息结束。", en: () => "The break ended." },
  PresenceChanged: {
    zh: (of) => `状态变为${of.code("presence")}：${of.code("because")}。`,
    en: (of) => `Their presence became "${of.code("presence")}": ${of.code("because")}.`,
  },
  PresenceConfirmed: {
    zh: (of) => `人还在，到 ${of.when("until")} 再确认。`,
    en: (of) => `They were seen, which holds until ${of.when("until")}.`,
  },
  CapacityReserved: {
    zh: (of) => (of.is("given") ? "班组长转来一个工单。" : "接到一个工单。"),
    en: (of) => (of.is("given") ? "A supervisor gave them a case." : "A case came to them."),
  },
  CapacityReleased: {
    zh: (of) => (of.text("reason") ? `工单离手：${of.code("reason")}。` : "工单离手。"),
    en: (of) =>
      of.text("reason") ? `A case left them: ${of.code("reason")}.` : "A case left them.",
  },
  HandOverWritten: { zh: () => "写了交接。", en: () => "They wrote a hand-over line." },
  WorkLeft: {
    zh: (of) =>
      `工单回到队列：${of.code("reason")}${of.is("handed_over") ? "，有交接" : "，没有交接"}。`,
    en: (of) =>
      `A case went back to the queue: ${of.code("reason")}, ${of.is("handed_over") ? "handed over" : "without a hand-over line"}.`,
  },
  BlockNoted: {
    zh: (of) => `一条留言被拦截（第 ${of.number("count")} 条）。`,
    en: (of) => `A message of theirs was blocked (${of.number("count")}).`,
  },
  BlocksRepeated: {
    zh: (of) => `多次被拦截：${of.number("count")} 条。`,
    en: (of) => `Messages of theirs were blocked again and again: ${of.number("count")}.`,
  },
  RevealGranted: {
    zh: (of) => `可查看明文（${of.code("field")}）到 ${of.when("until")}：${of.code("reason")}。`,
    en: (of) =>
      `They may see it in clear (${of.code("field")}) until ${of.when("until")}: ${of.code("reason")}.`,
  },
  RevealAlarmRaised: {
    zh: (of) => `告警：${of.seconds("seconds")}内查看了 ${of.number("count")} 次明文。`,
    en: (of) =>
      `An alarm: ${of.number("count")} were seen in clear within ${of.seconds("seconds")}.`,
  },
  RevealAlarmLifted: { zh: () => "告警解除。", en: () => "The alarm was lifted." },
  AccountsLinked: {
    zh: () => "关联账号更新了。",
    en: () => "The accounts close to them were told.",
  },
  AuthoritySpent: {
    zh: (of) => `售后 ${of.number("remedy")} 用了授权额度 ${of.amount("amount_minor")}。`,
    en: (of) =>
      `${of.amount("amount_minor")} of their authority went to remedy ${of.number("remedy")}.`,
  },
  AuthorityExceeded: {
    zh: (of) =>
      `售后 ${of.number("remedy")} 的 ${of.amount("amount_minor")} 超出授权（${of.code("limit")}）。`,
    en: (of) =>
      `${of.amount("amount_minor")} for remedy ${of.number("remedy")} was beyond their authority (${of.code("limit")}).`,
  },
  AuthorityReturned: {
    zh: (of) => `退回授权额度 ${of.amount("amount_minor")}（售后 ${of.number("remedy")}）。`,
    en: (of) =>
      `${of.amount("amount_minor")} of their authority came back, of remedy ${of.number("remedy")}.`,
  },
  WaitChanged: {
    zh: (of) => `${of.number("waiting")} 个工单等待，最久 ${of.seconds("oldest_wait_seconds")}。`,
    en: (of) =>
      `Waiting: ${of.number("waiting")}, the longest for ${of.seconds("oldest_wait_seconds")}.`,
  },
  StaffingChanged: {
    zh: (of) =>
      of.is("staffed")
        ? "有人在岗。"
        : of.text("staffed_from")
          ? `无人在岗，${of.when("staffed_from")} 起有人。`
          : "无人在岗。",
    en: (of) =>
      of.is("staffed")
        ? "Somebody is on duty."
        : of.text("staffed_from")
          ? `Nobody is on duty before ${of.when("staffed_from")}.`
          : "Nobody is on duty.",
  },
  SurgeBegan: {
    zh: (of) => `进线高峰开始：最久已等 ${of.seconds("wait_seconds")}。`,
    en: (of) => `A surge began: the longest wait was ${of.seconds("wait_seconds")}.`,
  },
  SurgeEnded: { zh: () => "进线高峰结束。", en: () => "The surge ended." },
  SurgeDeclared: {
    zh: (of) => `手动宣布进线高峰，到 ${of.when("until")}。`,
    en: (of) => `A surge was declared by hand, until ${of.when("until")}.`,
  },
  SurgeCalledOff: { zh: () => "宣布的高峰结束。", en: () => "The declared surge is over." },
  DeskOpened: {
    zh: (of) => `服务台开放，语种：${of.code("languages") || "不限"}。`,
    en: (of) => `The desk takes work, in: ${of.code("languages") || "any language"}.`,
  },
  DeskClosed: { zh: () => "服务台关闭。", en: () => "The desk was closed." },
  ReliefPublished: {
    zh: (of) =>
      `公布豁免期：${of.when("starts_at")} 至 ${of.when("ends_at")}，承诺延长 ${of.seconds("extends_seconds")}。`,
    en: (of) =>
      `A relief was published: ${of.when("starts_at")} to ${of.when("ends_at")}, ${of.seconds("extends_seconds")} more.`,
  },
  ReliefWithdrawn: { zh: () => "撤回了豁免期。", en: () => "A relief was withdrawn." },
  PackPublished: {
    zh: (of) =>
      `发布规则包 ${of.text("version")}，自 ${of.when("valid_from")} 起生效：${of.text("reason")}`,
    en: (of) =>
      `Rules ${of.text("version")} were published, from ${of.when("valid_from")} on: ${of.text("reason")}`,
  },
  PackWithdrawn: {
    zh: (of) => `撤回了 ${of.when("valid_from")} 起的规则包：${of.text("reason")}`,
    en: (of) =>
      `The rules that were to hold from ${of.when("valid_from")} were withdrawn: ${of.text("reason")}`,
  },
  PartyRegistered: {
    zh: (of) => `登记（${of.code("kind")}）。`,
    en: (of) => `Registered: ${of.code("kind")}.`,
  },
  PartyUpdated: { zh: () => "资料更新了。", en: () => "What is kept of them was changed." },
  ReturnPlacesSet: { zh: () => "退货地址更新了。", en: () => "Their return addresses were set." },
  CreatorManaged: {
    zh: (of) => `从 ${of.when("starts_at")} 起由机构管理。`,
    en: (of) => `An agency manages them from ${of.when("starts_at")} on.`,
  },
  ManagementEnded: {
    zh: (of) => `机构的管理于 ${of.when("ends_at")} 结束。`,
    en: (of) => `The agency manages them until ${of.when("ends_at")}.`,
  },
  PersonalDataErased: { zh: () => "个人信息已清除。", en: () => "Their personal data was erased." },
  HoldPlaced: {
    zh: (of) => `法律保全：${of.text("reason")}。`,
    en: (of) => `A legal hold was placed: ${of.text("reason")}.`,
  },
  HoldLifted: {
    zh: (of) => `解除法律保全：${of.text("reason")}。`,
    en: (of) => `A legal hold was lifted: ${of.text("reason")}.`,
  },
  TrustTold: {
    zh: (of) => `商城系统告知信任级别：${of.code("level")}。`,
    en: (of) => `The marketplace told how they are trusted: ${of.code("level")}.`,
  },
  TermsTold: {
    zh: (of) => (of.is("refunds_without_return") ? "可以仅退款。" : "不可以仅退款。"),
    en: (of) =>
      of.is("refunds_without_return")
        ? "They refund without a return."
        : "They refund with a return only.",
  },
  GiftCounted: {
    zh: (of) => `售后 ${of.number("remedy")} 的 ${of.amount("amount_minor")} 计入给付上限。`,
    en: (of) =>
      `${of.amount("amount_minor")} of remedy ${of.number("remedy")} counts among what was given.`,
  },
  GiftExceeded: {
    zh: (of) => `售后 ${of.number("remedy")} 的 ${of.amount("amount_minor")} 超出给付上限。`,
    en: (of) =>
      `${of.amount("amount_minor")} of remedy ${of.number("remedy")} was more than they may be given.`,
  },
  GiftTakenBack: {
    zh: (of) => `售后 ${of.number("remedy")} 的 ${of.amount("amount_minor")} 不再计入。`,
    en: (of) => `${of.amount("amount_minor")} of remedy ${of.number("remedy")} counts no more.`,
  },
};
