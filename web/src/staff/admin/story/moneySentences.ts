import type { Sentence, Telling } from "./sentences";

/** The events of what is made good for an order. */
export const MONEY: Record<string, Sentence> = {
  BooksOpened: { zh: () => "开立了订单账目。", en: () => "The order's books were opened." },
  RemedyRequested: {
    zh: (of) => `申请${of.code("kind")} ${of.amount("amount_minor")}，原因：${of.code("reason")}。`,
    en: (of) =>
      `Asked for: ${of.code("kind")}, ${of.amount("amount_minor")}, because: ${of.code("reason")}.`,
  },
  RemedyApproved: {
    zh: (of) => `同意，金额 ${of.amount("amount_minor")}（${of.code("by")}）。`,
    en: (of) => `Granted, ${of.amount("amount_minor")}, by ${of.code("by")}.`,
  },
  RemedyRefused: {
    zh: (of) => `拒绝：${of.code("reason")}（${of.code("by")}）。`,
    en: (of) => `Refused: ${of.code("reason")}, by ${of.code("by")}.`,
  },
  RemedyWithdrawn: {
    zh: (of) => `撤回：${of.code("reason")}。`,
    en: (of) => `Withdrawn: ${of.code("reason")}.`,
  },
  RemedyTakenOver: { zh: () => "平台接管了这个售后。", en: () => "The platform took it over." },
  HumanAsked: { zh: () => "消费者要求人工处理。", en: () => "The consumer asked for a person." },
  AnswerOverdue: {
    zh: (of) => `${of.desk("desk")}逾期未答复。`,
    en: (of) => `The answer of ${of.desk("desk")} is overdue.`,
  },
  CounterOfferMade: {
    zh: (of) => `提出协商方案，${of.amount("amount_minor")}。`,
    en: (of) => `Something else was offered, ${of.amount("amount_minor")}.`,
  },
  CounterOfferAccepted: { zh: () => "接受了协商方案。", en: () => "The offer was accepted." },
  CounterOfferDeclined: {
    zh: (of) => (of.is("silent") ? "协商方案过期未答复。" : "没有接受协商方案。"),
    en: (of) =>
      of.is("silent") ? "The offer was not answered in time." : "The offer was declined.",
  },
  RiskLifted: {
    zh: (of) => `解除风险限制，改为${of.code("speed")}。`,
    en: (of) => `A risk was lifted; the money leaves ${of.code("speed")}.`,
  },
  AuthorityAsked: {
    zh: (of) => `核对 ${of.agent("agent")} 的授权额度。`,
    en: (of) => `The authority of ${of.agent("agent")} was asked for.`,
  },
  SecondPersonAsked: {
    zh: (of) => `超出 ${of.agent("agent")} 的授权（${of.code("limit")}），需要第二人。`,
    en: (of) =>
      `It is beyond the authority of ${of.agent("agent")} (${of.code("limit")}): a second person was asked.`,
  },
  GrantDeclined: {
    zh: (of) => `第二人没有同意：${of.code("reason")}。`,
    en: (of) => `The second person declined: ${of.code("reason")}.`,
  },
  GrantImpossible: {
    zh: (of) => `判定无法给付：${of.code("reason")}。`,
    en: (of) => `What was decided could not be given: ${of.code("reason")}.`,
  },
  DisputeOpened: {
    zh: (of) => `发起争议：${of.code("reason")}。`,
    en: (of) => `A dispute was opened: ${of.code("reason")}.`,
  },
  EvidenceSubmitted: {
    zh: (of) => `${of.code("side")}提交了凭证。`,
    en: (of) => `Evidence of ${of.code("side")} came in.`,
  },
  DecisionAsked: {
    zh: (of) => `等待${of.desk("desk")}裁决。`,
    en: (of) => `${of.desk("desk")} has to decide.`,
  },
  DisputeDecided: {
    zh: (of) =>
      `裁决：${of.code("outcome")}，${of.amount("amount_minor")}（${decidedBy(of, "，依据 ")}）。`,
    en: (of) =>
      `Decided: ${of.code("outcome")}, ${of.amount("amount_minor")}, by ${decidedBy(of, " on ")}.`,
  },
  ObjectionMade: {
    zh: (of) => `${of.code("side")}提出异议：${of.code("reason")}。`,
    en: (of) => `${of.code("side")} objected: ${of.code("reason")}.`,
  },
  DecisionReversed: { zh: () => "裁决被推翻。", en: () => "The decision was reversed." },
  BreachCompensated: {
    zh: (of) => `违约自动赔付 ${of.amount("amount_minor")}，${of.when("send_at")} 发放。`,
    en: (of) =>
      `The breach gave ${of.amount("amount_minor")} by itself, sent at ${of.when("send_at")}.`,
  },
  CompensationCapped: {
    zh: () => "赔付已到上限。",
    en: () => "The cap of compensation was reached.",
  },
  CompensationVoided: {
    zh: () => "赔付作废：没有违约。",
    en: () => "The compensation was voided: nothing was broken.",
  },
  PriceFell: {
    zh: (of) => `价格降到 ${of.amount("unit_price_minor")}。`,
    en: (of) => `The price fell to ${of.amount("unit_price_minor")}.`,
  },
  RefundRequested: {
    zh: (of) => `请支付方退款（第 ${of.number("leg")} 笔）。`,
    en: (of) => `Payments were asked for leg ${of.number("leg")}.`,
  },
  RefundSent: {
    zh: (of) => `已汇出 ${of.amount("amount_minor")}，用时 ${of.seconds("seconds")}。`,
    en: (of) => `${of.amount("amount_minor")} was sent, after ${of.seconds("seconds")}.`,
  },
  RefundCredited: { zh: () => "已到账。", en: () => "It has arrived." },
  RefundFailed: {
    zh: (of) => `退款失败：${of.code("reason")}。`,
    en: (of) => `The refund failed: ${of.code("reason")}.`,
  },
  RouteAsked: { zh: () => "询问退到哪里。", en: () => "It was asked where the money goes." },
  RemedySettled: {
    zh: (of) => `售后了结，用时 ${of.seconds("seconds")}。`,
    en: (of) => `It has settled, after ${of.seconds("seconds")}.`,
  },
  RemedyClosed: { zh: () => "售后关闭。", en: () => "It was closed." },
  FundingApplied: {
    zh: (of) => `保障基金承担 ${of.amount("amount_minor")}。`,
    en: (of) => `The assurance fund gave ${of.amount("amount_minor")}.`,
  },
  FundingDelayed: {
    zh: () => "预算不足，稍后再试。",
    en: () => "The budget is spent; it is tried again.",
  },
  ChargeApplied: {
    zh: (of) => `由${of.code("payer")}承担。`,
    en: (of) => `${of.code("payer")} bears it.`,
  },
  JourneyBegun: {
    zh: () => "开始退换货物流。",
    en: () => "The goods are on their way back, or out.",
  },
  ReturnPlaceNamed: { zh: () => "给了退货地址。", en: () => "The place to send it to was named." },
  ReturnArranged: { zh: () => "给了退货面单。", en: () => "A label was given." },
  ReturnSent: { zh: () => "已寄回。", en: () => "It was sent back." },
  ParcelScanned: {
    zh: (of) => `退换货物流：${of.code("status")}。`,
    en: (of) => `The parcel was scanned: ${of.code("status")}.`,
  },
  ReturnReceived: { zh: () => "收到退货。", en: () => "It came back." },
  ReturnInspected: {
    zh: (of) => `验货完成（${of.code("by")}）。`,
    en: (of) => `It was inspected, by ${of.code("by")}.`,
  },
  ReturnMissed: { zh: () => "逾期未寄回。", en: () => "It was not sent back in time." },
  ReturnLost: { zh: () => "退货丢件。", en: () => "It was lost on its way back." },
  GoodsSent: { zh: () => "换货或补发已寄出。", en: () => "What replaces it was sent." },
  GoodsArrived: { zh: () => "换货或补发已送达。", en: () => "What replaces it has arrived." },
  RefundInstead: {
    zh: (of) => `改为退款 ${of.amount("amount_minor")}：${of.code("reason")}。`,
    en: (of) => `Money instead, ${of.amount("amount_minor")}: ${of.code("reason")}.`,
  },
  RefundContested: {
    zh: (of) => `商家申诉退款：${of.code("reason")}。`,
    en: (of) => `The merchant contested the refund: ${of.code("reason")}.`,
  },
  ContestDecided: {
    zh: (of) => (of.is("upheld") ? "申诉得到支持。" : "申诉未获支持。"),
    en: (of) => (of.is("upheld") ? "The merchant was upheld." : "The merchant was not upheld."),
  },
  ChangeMade: { zh: () => "修改完成。", en: () => "The change was made." },
  ChangeRefused: {
    zh: (of) => `修改没有成功：${of.code("reason")}。`,
    en: (of) => `The change was not made: ${of.code("reason")}.`,
  },
  ChargeFailed: {
    zh: (of) => `补差没有付成，修改没有进行：${of.code("reason")}。`,
    en: (of) => `It was not paid, so it was not done: ${of.code("reason")}.`,
  },
  ChargeTaken: {
    zh: (of) => `补差扣款 ${of.amount("amount_minor")}。`,
    en: (of) => `${of.amount("amount_minor")} was charged.`,
  },
  ChargeTakenLate: {
    zh: (of) => `修改已不再进行，补差 ${of.amount("amount_minor")} 迟到，原路退回。`,
    en: (of) => `${of.amount("amount_minor")} was charged too late for the change and goes back.`,
  },
  PayoutRecorded: { zh: () => "已结算给商家。", en: () => "The order was paid out." },
};

/** By whom, and on which rule; what a person rests it on stands elsewhere. */
function decidedBy(of: Telling, on: string): string {
  const basis = of.code("basis");
  return basis ? `${of.code("by")}${on}${basis}` : of.code("by");
}
