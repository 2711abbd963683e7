import type { EntryShape } from "../../api/schema";
import { moment, money, roughly, time } from "../../shared/format";
import { isolated } from "../../shared/plainText";
import { inBoth, type Language, spoken } from "../../shared/words";
import { deskAtStart, deskWord } from "./issueWords";

const WORDS = inBoth({
  tookOver: {
    zh: "平台已接手处理，您不用重复说明。",
    en: "We have taken this over; you need not repeat anything.",
  },
  tookOverFrom: {
    zh: (from: string) => `${from} → 平台：平台已接手处理，您不用重复说明。`,
    en: (from: string) =>
      `${from} → platform: We have taken this over; you need not repeat anything.`,
  },
  has: {
    zh: (from: string, to: string) => `${from} → ${to}，您不用重复说明。`,
    en: (from: string, to: string) => `${from} → ${to}; you need not repeat anything.`,
  },
  answerBy: {
    zh: (when: string) => `现在没有人在线，${when} 前答复您。`,
    en: (when: string) => `Nobody is there right now; you have an answer by ${when}.`,
  },
  waiting: {
    zh: (lasts: string) => `现在排队的人多，大约要等 ${lasts}。`,
    en: (lasts: string) => `Many are waiting; it takes about ${lasts}.`,
  },
  breach: {
    zh: "我们发现您的订单没有按承诺进行，已主动开始处理。",
    en: "We saw that a promise about your order was broken, and have begun without being asked.",
  },
  notComing: {
    zh: "发给您的包裹有一件已退回商家或丢失，不会送到了；我们已主动开始处理。您想退款还是重新发货？在这里说一句即可。",
    en: "A parcel that was sent to you went back or is lost, and does not come. We have begun without being asked: would you like your money back, or to have it sent again? Just say so here.",
  },
  comingAgain: {
    zh: "后来的物流显示又有包裹在路上或已送达，已结束处理；还有问题，写一句就能继续。",
    en: "Later news showed that a parcel is coming or has come after all, so we have ended it. Write to us and we take it up again.",
  },
  cleared: {
    zh: "后来的物流显示没有违约，已结束处理；还有问题，写一句就能继续。",
    en: "Later news showed that the promise was kept, so we have ended it. Write to us and we take it up again.",
  },
  decided: {
    zh: "已按规则为您判定，不用再等人答复。",
    en: "It was decided for you by rule, so you need not wait for anybody.",
  },
  noReply: {
    zh: "没有等到您的答复，先结束了；写一句就能继续。",
    en: "We did not hear from you and have ended it. Write to us and we take it up again.",
  },
  compensated: {
    zh: (amount: string) => `赔付 ${amount}，自动发放。`,
    en: (amount: string) => `Compensation of ${amount}, without being asked.`,
  },
  voided: {
    zh: "赔付已取消：后来的物流显示没有违约。",
    en: "The compensation is void: later news showed that the promise was kept.",
  },
  granted: { zh: "申请已同意。", en: "Granted." },
  refused: {
    zh: (until: string) => `申请未被同意；您可以在${until}前提出异议。`,
    en: (until: string) => `Refused; you can object until ${until}.`,
  },
  refusedForGood: { zh: "申请未被同意，这是最终决定。", en: "Refused; this is final." },
  offered: { zh: "商家提出了另一种处理方式。", en: "Something else is offered to you." },
  impossible: { zh: "已没有可以再给的。", en: "Nothing is left to give." },
  refundSent: {
    zh: (amount: string) => `${amount} 已汇出。`,
    en: (amount: string) => `${amount} sent to you.`,
  },
  routeWanted: {
    zh: (amount: string, when: string) =>
      `${amount} 没能原路退回。请在${when}前告诉我们退到哪里，否则我们会联系您。`,
    en: (amount: string, when: string) =>
      `${amount} could not go back the way it was paid. Say where to by ${when}, else we get in touch with you.`,
  },
  settled: { zh: "处理完毕。", en: "All of it is done." },
  returnReminder: {
    zh: (when: string) => `请记得在${when}前寄回。`,
    en: (when: string) => `Remember to send it back by ${when}.`,
  },
  returnPlace: { zh: "退货地址已给出。", en: "There is an address to send it to." },
  returnMissed: { zh: "寄回时限已过。", en: "The time to send it back is over." },
  returnReceived: { zh: "退回的商品已收到。", en: "What you sent back has arrived." },
  returnRefused: {
    zh: "退回的商品有一部分没有通过验货。",
    en: "Some of what you sent back was not accepted.",
  },
  disputed: {
    zh: (when: string) => `协商方案已过期，进入争议；您可以在${when}前提交凭证。`,
    en: (when: string) =>
      `What was offered is over, and it is in dispute; you can show what you have until ${when}.`,
  },
  objectionRefused: {
    zh: (amount: string) =>
      `您的异议没有改变结果，这是最终决定${amount && `；${amount} 仍然有效`}。`,
    en: (amount: string) =>
      `Your objection has changed nothing, and this is final${amount && `; the ${amount} still stand`}.`,
  },
  refundInstead: {
    zh: (amount: string) => `换货或补发没有按时完成，改为退款${amount && ` ${amount}`}。`,
    en: (amount: string) =>
      `What was to come has not, so you get ${amount || "your money"} instead.`,
  },
  label: { zh: "退货面单已备好。", en: "There is a label for sending it back." },
  courier: {
    zh: (when: string) => `快递员最晚${when}上门取件。`,
    en: (when: string) => `A courier comes for it by ${when}.`,
  },
  remedyAnswerBy: {
    zh: (when: string) => `最晚${when}给您答复。`,
    en: (when: string) => `You have an answer by ${when}.`,
  },
  notMade: {
    zh: "您要的修改没有进行，订单照旧。如已付款，将原路退回。",
    en: "The change you asked for was not made, and the order is as it was. If you paid for it, you get that back.",
  },
  goodsSent: { zh: "商品已寄给您。", en: "It is on its way to you." },
  callBack: {
    zh: (when: string) => `${when} 前给您打电话。`,
    en: (when: string) => `You will be called by ${when}.`,
  },
  merged: { zh: "两个问题合在一起处理。", en: "Two problems are dealt with as one." },
  split: { zh: "分成两个问题处理。", en: "It is dealt with as two problems." },
  reopened: { zh: "重新处理。", en: "It goes on." },
  confirmed: { zh: "您说已经解决了。", en: "You said that it is solved." },
});

/** What stands as a grey line between the messages; undefined for what its case's card tells. `issue`: what
 * the entry's case is about. */
export function entryWord(
  entry: EntryShape,
  issue: string | undefined,
  language: Language,
): string | undefined {
  const said = spoken(WORDS, language);
  switch (entry.kind) {
    case "handed_over":
      return handOver(entry, language);
    case "notice":
      return noticeWord(entry, issue, language);
    case "call_back":
      return entry.until ? said.callBack(time(entry.until, language)) : undefined;
    case "merged":
      return said.merged;
    case "split":
      return said.split;
    case "reopened":
      return said.reopened;
    case "confirmed":
      return said.confirmed;
    default:
      return undefined;
  }
}

function handOver(entry: EntryShape, language: Language): string {
  const said = spoken(WORDS, language);
  if (entry.to_desk === "platform") {
    return entry.from_name ? said.tookOverFrom(isolated(entry.from_name)) : said.tookOver;
  }
  const from = deskAtStart(kindOf(entry.from_desk), entry.from_name, language);
  return said.has(from, deskWord(kindOf(entry.to_desk), entry.to_name, language));
}

function kindOf(desk: string | undefined): "platform" | "merchant" | "creator" {
  return desk === "merchant" || desk === "creator" ? desk : "platform";
}

function noticeWord(
  entry: EntryShape,
  issue: string | undefined,
  language: Language,
): string | undefined {
  const said = spoken(WORDS, language);
  const { notice, until, currency } = entry;
  const amount = currency ? money(entry.amount_minor ?? 0, currency, language) : "";
  switch (notice) {
    case "answer_by":
      return until ? said.answerBy(time(until, language)) : undefined;
    case "waiting":
      return said.waiting(roughly(entry.wait_seconds ?? 0, language));
    case "breach_cleared":
      return issue === "not_coming" ? said.comingAgain : said.cleared;
    case "breach_noticed":
      return issue === "not_coming" ? said.notComing : said.breach;
    case "decided":
      return said.decided;
    case "closed_no_reply":
      return said.noReply;
    case "compensated":
      return said.compensated(amount);
    case "compensation_voided":
      return said.voided;
    case "remedy_granted":
      return said.granted;
    case "remedy_refused":
      return until ? said.refused(moment(until, language)) : said.refusedForGood;
    case "remedy_offered":
      return said.offered;
    case "remedy_impossible":
      return said.impossible;
    case "refund_sent":
      return said.refundSent(amount);
    case "route_wanted":
      return until ? said.routeWanted(amount, moment(until, language)) : undefined;
    case "remedy_settled":
      return said.settled;
    case "return_reminder":
      return until ? said.returnReminder(moment(until, language)) : undefined;
    case "return_place":
      return said.returnPlace;
    case "return_missed":
      return said.returnMissed;
    case "return_received":
      return said.returnReceived;
    case "return_refused_in_part":
      return said.returnRefused;
    case "goods_sent":
      return said.goodsSent;
    case "change_not_made":
      return said.notMade;
    case "dispute_opened":
      return until ? said.disputed(time(until, language)) : undefined;
    case "refund_instead":
      return said.refundInstead(amount);
    case "return_label":
      return until ? said.courier(moment(until, language)) : said.label;
    case "remedy_answer_by":
      return until ? said.remedyAnswerBy(moment(until, language)) : undefined;
    case "objection_refused":
      return said.objectionRefused(amount);
    default:
      // That it was taken over its own line tells, and what was asked for its card.
      return undefined;
  }
}
