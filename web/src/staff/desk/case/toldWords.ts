import { inBoth } from "../../../shared/words";

/** The lines between messages. */
export const toldWords = inBoth({
  takenOver: {
    zh: (from: string, by: string) => `${from} → ${by}接管，消费者无需重复说明`,
    en: (from: string, by: string) =>
      `${from} → ${by}: taken over; the consumer need not repeat anything`,
  },
  transferred: {
    zh: (from: string, to: string) => `${from} → 转给${to}`,
    en: (from: string, to: string) => `${from} → now with ${to}`,
  },
  referred: {
    zh: (from: string, to: string) => `${from} 询问 ${to}`,
    en: (from: string, to: string) => `${from} asked ${to}`,
  },
  referralEnded: {
    zh: (desk: string, how: string) => `${desk}：${how}`,
    en: (desk: string, how: string) => `${desk}: ${how}`,
  },
  outcome_answered: { zh: "已回答询问", en: "answered what was asked" },
  outcome_lapsed: { zh: "询问超时失效", en: "did not answer in time" },
  outcome_withdrawn: { zh: "询问已撤回", en: "need not answer any more" },
  resolved: { zh: (why: string) => `已解决：${why}`, en: (why: string) => `Resolved: ${why}` },
  rated: {
    zh: (score: number) => `消费者评价：${score} / 5 分`,
    en: (score: number) => `The consumer rated the service ${score} of 5`,
  },
  left_shift_end: { zh: "班次结束，回到队列", en: "Back in the queue: the shift was over" },
  left_absent: { zh: "客服离席，回到队列", en: "Back in the queue: whoever had it was away" },
  left_left_desk: {
    zh: "客服已离开服务台，回到队列",
    en: "Back in the queue: whoever had it is not at the desk any more",
  },
  left_returned: { zh: "放回队列", en: "Given back to the queue" },
  left_reassigned: { zh: "换人处理", en: "Given to somebody else" },
  reopened: { zh: "重新打开", en: "Reopened" },
  closed: { zh: "已关闭", en: "Closed" },
  decided: {
    zh: (what: string) => `按规则判定：${what}`,
    en: (what: string) => `Decided by rule: ${what}`,
  },
  followUp: {
    zh: (at: string) => `${at} 跟进`,
    en: (at: string) => `To be looked at again at ${at}`,
  },
  merged: { zh: (into: number) => `并入 #${into}`, en: (into: number) => `Merged into #${into}` },
  split: { zh: (from: number) => `拆出 #${from}`, en: (into: number) => `Split off as #${into}` },
  reclassified: {
    zh: (what: string) => `改为：${what}`,
    en: (what: string) => `Now about: ${what}`,
  },
  attributed: {
    zh: (who: string) => `责任更正为：${who}`,
    en: (who: string) => `Answerable, as was found: ${who}`,
  },
  callBack: { zh: (at: string) => `${at} 前回电`, en: (at: string) => `Somebody calls by ${at}` },
  breach: {
    zh: (what: string, day: string) => `违约：${what}（应于 ${day}）`,
    en: (what: string, day: string) => `Promise broken: ${what}, due ${day}`,
  },
  notComing: {
    zh: (day: string) => `包裹退回或丢失，不会送到（${day}）`,
    en: (day: string) => `What was sent went back or is lost, on ${day}`,
  },
  toldConsumer: {
    zh: (what: string) => `已告知消费者：${what}`,
    en: (what: string) => `The consumer was told: ${what}`,
  },
  until: { zh: (at: string) => `（${at} 前）`, en: (at: string) => ` (by ${at})` },
  notice_answer_by: { zh: "何时答复", en: "when there will be an answer" },
  notice_waiting: { zh: "等待时长", en: "how long it takes" },
  notice_taken_over: { zh: "平台已接手", en: "the platform has it now" },
  notice_breach_cleared: { zh: "并未违约", en: "that the promise was kept" },
  notice_breach_noticed: { zh: "发现违约", en: "that a promise was broken" },
  notice_decided: { zh: "判定结果", en: "what was decided" },
  notice_closed_no_reply: { zh: "无回复关闭", en: "that it was closed without a reply" },
  notice_compensated: { zh: "赔付", en: "compensation" },
  notice_compensation_voided: { zh: "赔付取消", en: "that the compensation falls away" },
  notice_remedy_asked: { zh: "售后申请已提交", en: "that a remedy was asked for" },
  notice_remedy_granted: { zh: "售后已同意", en: "that the remedy is granted" },
  notice_remedy_refused: { zh: "售后被拒绝", en: "that the remedy is refused" },
  notice_remedy_offered: { zh: "协商方案", en: "what is offered instead" },
  notice_remedy_impossible: { zh: "无法给付", en: "that nothing is left to give" },
  notice_refund_sent: { zh: "退款已汇出", en: "that the refund was sent" },
  notice_route_wanted: { zh: "需要退款去向", en: "to say where the money can go" },
  notice_remedy_settled: { zh: "售后已完成", en: "that the remedy is done" },
  notice_return_reminder: { zh: "提醒寄回", en: "to send it back" },
  notice_return_place: { zh: "退货地址", en: "where to send it" },
  notice_return_missed: { zh: "逾期未寄回", en: "that it was not sent in time" },
  notice_return_received: { zh: "退货已收到", en: "that what was sent back has arrived" },
  notice_return_refused_in_part: {
    zh: "部分退货未通过验收",
    en: "that part of what was sent back is not accepted",
  },
  notice_goods_sent: { zh: "商品已寄出", en: "that the goods are on their way" },
  notice_change_not_made: { zh: "修改没有进行", en: "that the change was not made" },
  notice_dispute_opened: {
    zh: "协商方案过期，进入争议",
    en: "that the offer is over and it is in dispute",
  },
  notice_refund_instead: { zh: "改为退款", en: "that there is money instead" },
  notice_return_label: {
    zh: "退货面单或取件时间",
    en: "that there is a label, or a courier comes",
  },
  notice_remedy_answer_by: { zh: "新的答复时限", en: "by when there is an answer now" },
  notice_objection_refused: {
    zh: "异议没有改变结果",
    en: "that the objection has changed nothing",
  },
});
