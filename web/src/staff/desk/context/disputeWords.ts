import { inBoth } from "../../../shared/words";

/** Disputes, objections, contests, and a yes above one person's authority. */
export const disputeWords = inBoth({
  dispute: { zh: "争议", en: "Dispute" },
  objected_consumer: { zh: "消费者异议", en: "Objection by the consumer" },
  objected_merchant: { zh: "商家异议", en: "Objection by the merchant" },
  contested: { zh: "商家申诉", en: "Contested by the merchant" },
  shown_: {
    zh: (consumer: number, merchant: number) => `证据：消费者 ${consumer} 份，商家 ${merchant} 份`,
    en: (consumer: number, merchant: number) =>
      `Evidence: ${consumer} by the consumer, ${merchant} by the merchant`,
  },
  evidenceUntil: {
    zh: (at: string, then: string) => `举证到 ${at}；到时${then}`,
    en: (at: string, then: string) => `Evidence until ${at}; then ${then}`,
  },
  decidedUntil: {
    zh: (at: string, then: string) => `平台在 ${at} 前裁决；否则${then}`,
    en: (at: string, then: string) => `The platform decides by ${at}; else ${then}`,
  },
  thenPlatform: { zh: "由平台裁决", en: "the platform decides" },
  then_granted: { zh: "按规则支持消费者", en: "it is the consumer's by rule" },
  then_in_part: { zh: "维持部分支持", en: "it stays granted in part" },
  then_refused: { zh: "按规则支持商家", en: "it is refused by rule" },
  decided: { zh: (how: string) => `已裁决：${how}`, en: (how: string) => `Decided: ${how}` },
  objectUntil: {
    zh: (at: string) => `${at} 前任何一方可异议一次`,
    en: (at: string) => `Either side can object once until ${at}`,
  },
  somebodyElse: {
    zh: "由初次裁决人以外的平台同事裁决，此后不再变更。",
    en: "Anybody of the platform decides it who did not decide first; that is final.",
  },
  notYou: {
    zh: "初次由您裁决：须由平台的另一位同事裁决。",
    en: "You decided it first: a colleague at the platform has to decide this.",
  },
  grantedBefore: {
    zh: "此前由您经手（同意、验货或申诉）：须由平台的另一位同事裁决。",
    en: "You granted, inspected or contested it: a colleague at the platform has to decide this.",
  },
  contestUntil: {
    zh: (at: string) => `平台在 ${at} 前裁决；否则按规则`,
    en: (at: string) => `The platform decides by ${at}; else a rule does`,
  },
  contestUnits: {
    zh: (units: number) => `只涉及其中 ${units} 件未通过验收的商品`,
    en: (units: number) => `Only about the ${units} of its units that were not accepted`,
  },
  decide: { zh: "裁决", en: "Decide" },
  decideFor: {
    zh: (how: string, amount: string) => `裁决：${how} ${amount}`,
    en: (how: string, amount: string) => `Decide: ${how} ${amount}`,
  },
  decideClock: {
    zh: "双方都会被告知；任何一方可异议一次，由别人再看。",
    en: "Both sides are told, and each can object once; then somebody else looks again.",
  },
  finalClock: {
    zh: "双方都会被告知；这是最终裁决。",
    en: "Both sides are told. It is final.",
  },
  early: {
    zh: (at: string) => `举证时间到 ${at} 才结束。`,
    en: (at: string) => `Evidence may still come until ${at}.`,
  },
  forWhom: { zh: "支持谁", en: "For whom" },
  granted: { zh: "支持消费者", en: "for the consumer" },
  in_part: { zh: "部分支持", en: "in part" },
  refused: { zh: "支持商家", en: "for the merchant" },
  howMuch: {
    zh: (most: string) => `给消费者多少（少于 ${most}）`,
    en: (most: string) => `How much for the consumer (less than ${most})`,
  },
  basis: {
    zh: "依据（双方都会看到，请勿写个人信息）",
    en: "On what basis (both sides read it: no personal data)",
  },
  erased: { zh: "（内容已删除）", en: "(erased)" },
  otherShares: { zh: "承担方与规则不同", en: "Others bear it than the rules say" },
  whoBears: { zh: "谁承担", en: "Who bears it" },
  notWhole: {
    zh: (sum: number) => `合计 ${sum}%，应为 100%`,
    en: (sum: number) => `${sum}% together; it has to be 100%`,
  },
  showEvidence: { zh: "提交证据", en: "Show evidence" },
  evidenceClock: {
    zh: "裁决之前都可以提交，立即计入。",
    en: "As long as nothing is decided. It counts for the decision at once.",
  },
  whichFiles: { zh: "哪些文件", en: "Which files show it" },
  objectTo: { zh: "提出异议", en: "Object" },
  objectClock: {
    zh: "只能一次；已给消费者的不会收回，成立则由平台承担。",
    en: "Once. What the consumer got stays theirs; if you are right, the platform bears it.",
  },
  contest: { zh: "申诉退款", en: "Contest the refund" },
  contestClock: {
    zh: "只能一次；平台裁决，成立则由保障基金承担。",
    en: "Once. The platform decides; if you are right, the fund pays you.",
  },
  decideContest: { zh: "裁决申诉", en: "Decide the contest" },
  whoIsRight: { zh: "谁有理", en: "Who is right" },
  merchantRight: { zh: "商家有理", en: "The merchant is right" },
  merchantWrong: { zh: "退款成立", en: "The refund stands" },
  upheldClock: {
    zh: "保障基金补给商家，并记下消费者的欠款；不会自动扣款。",
    en: "The fund makes it good to the merchant; what the consumer owes is noted, nobody takes it.",
  },
  rejectedClock: { zh: "一切照旧。", en: "Everything stays as it is." },
  why: { zh: "原因", en: "Why" },
  second: { zh: "等第二人批准", en: "Waits for a second person" },
  secondNotYou: {
    zh: "由您提出：须由另一位有授权的同事批准。",
    en: "You want to give it: somebody else with the authority has to stand by it.",
  },
  secondBarred: {
    zh: "您参与过之前的决定：须由别的同事批准。",
    en: "You had a part in what was decided before: another colleague has to stand by it.",
  },
  offeredInstead: {
    zh: (what: string) => `改为提出${what}`,
    en: (what: string) => `offered instead: ${what.toLowerCase()}`,
  },
  secondMay: {
    zh: "提出者以外、授权足够的人都可以批准。",
    en: "Anybody may whose authority it is within, but whoever wants to give it.",
  },
  secondUntil: {
    zh: (at: string) => `到 ${at}，之后回到未决定。`,
    en: (at: string) => `Until ${at}; then it is undecided again.`,
  },
  decline: { zh: "不批准", en: "Do not approve" },
  declineClock: {
    zh: "回到未决定；提出者会看到原因。",
    en: "It is as undecided as before, and whoever wanted it sees why.",
  },
});
