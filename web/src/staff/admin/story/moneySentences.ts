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
    zh: (of) => (of.text("reason") ? `撤回：${of.code("reason")}。` : "撤回。"),
    en: (of) => (of.text("reason") ? `Withdrawn: ${of.code("reason")}.` : "Withdrawn."),
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
    zh: (of) =>
      of.number("amount_minor")
        ? `保障基金承担 ${of.amount("amount_minor")}。`
        : "款项已全部到位。",
    en: (of) =>
      of.number("amount_minor")
        ? `The assurance fund gave ${of.amount("amount_minor")}.`
        : "All the money for it is there.",
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
  PaymentBooked: { zh: () => "付款已入账。", en: () => "What was paid was booked." },
  RemedyRepriced: {
    zh: (of) => `金额改为 ${of.amount("amount_minor")}。`,
    en: (of) => `It comes to ${of.amount("amount_minor")} by now.`,
  },
  AuthorityUnused: {
    zh: (of) => `${of.agent("agent")} 的授权额度没有用上。`,
    en: (of) => `The authority of ${of.agent("agent")} was not needed.`,
  },
  ChargeRequested: {
    zh: () => "请支付方收取补差。",
    en: () => "Payments were asked to charge the difference.",
  },
  ChangeRequested: { zh: () => "请订单修改。", en: () => "The order was asked to change." },
  CancellationRequested: {
    zh: (of) =>
      of.number("part") ? `请订单取消第 ${of.number("part")} 部分。` : "请订单全部取消。",
    en: (of) =>
      of.number("part")
        ? `The order was asked to cancel part ${of.number("part")}.`
        : "The order was asked to cancel all of it.",
  },
  ObjectionLapsed: {
    zh: () => "无人在期限内提出异议，裁决生效。",
    en: () => "Nobody objected in time: the decision stands.",
  },
  ChargeWanted: {
    zh: () => "担保资金不足，向承担方的账户收取。",
    en: () => "Escrow does not hold all of it: those who bear it were asked.",
  },
  FundingWanted: {
    zh: (of) => `请保障基金承担 ${of.amount("amount_minor")}。`,
    en: (of) => `The assurance fund was asked for ${of.amount("amount_minor")}.`,
  },
  MoneyReturned: {
    zh: () => "答复来得太迟，资金退还。",
    en: () => "An answer came too late; what it gave goes back.",
  },
  BearersChanged: {
    zh: (of) => (of.is("corrected") ? "并未违约，改由平台承担。" : "确属违约，改由责任方承担。"),
    en: (of) =>
      of.is("corrected")
        ? "Nothing was broken: the platform bears it."
        : "It was broken after all: those liable bear it.",
  },
  OwedPutOff: {
    zh: (of) => `同时进行的太多，${of.when("again_at")} 再给付。`,
    en: (of) => `Too many at a time: it is tried again at ${of.when("again_at")}.`,
  },
  OwedDropped: { zh: () => "不再推迟。", en: () => "It is put off no more." },
  RefundDropped: {
    zh: (of) => `第 ${of.number("leg")} 笔已另行退回，不再汇出。`,
    en: (of) => `What leg ${of.number("leg")} was to give went back otherwise.`,
  },
  RefundSentTwice: {
    zh: (of) =>
      `第 ${of.number("leg")} 笔 ${of.amount("amount_minor")} 已改道，却仍被汇出：款项汇出了两次。`,
    en: (of) =>
      `Leg ${of.number("leg")} of ${of.amount("amount_minor")} had gone elsewhere and was sent all the same: the money left twice.`,
  },
  OutsideRecorded: {
    zh: (of) => `在系统之外：${of.code("kind")} ${of.amount("amount_minor")}。`,
    en: (of) => `Outside of it: ${of.code("kind")}, ${of.amount("amount_minor")}.`,
  },
  ClosingPutOff: {
    zh: () => "还有事项在进行，稍后再关闭。",
    en: () => "Something still runs: it is closed later.",
  },
  WeightDiffered: {
    zh: (of) => `退货 ${of.number("grams")} 克，发货时 ${of.number("shipped_grams")} 克：先查看。`,
    en: (of) =>
      `It weighs ${of.number("grams")} g, and ${of.number("shipped_grams")} g were shipped: somebody looks first.`,
  },
  ReturnSplit: {
    zh: (of) => `部分通过验收，${of.amount("amount_minor")}；其余为售后 ${of.number("rest")}。`,
    en: (of) =>
      `A part was accepted, ${of.amount("amount_minor")}; the rest is remedy ${of.number("rest")}.`,
  },
  FreightCharged: {
    zh: (of) => `退货运费 ${of.amount("freight_minor")}，从退款中扣 ${of.amount("taken_minor")}。`,
    en: (of) =>
      `The way back cost ${of.amount("freight_minor")}, of which ${of.amount("taken_minor")} is off the refund.`,
  },
  ReturnReopened: {
    zh: () => "消费者再次要求寄回。",
    en: () => "The consumer asked once more to send it back.",
  },
  InterceptionMissed: {
    zh: () => "没有拦截到，包裹已送达，按退货处理。",
    en: () => "It was not stopped on its way and reached the consumer.",
  },
  GoodsDue: {
    zh: (of) => (of.is("their_own") ? "未通过验收的商品要寄回给消费者。" : "要寄出商品。"),
    en: (of) =>
      of.is("their_own")
        ? "What was not accepted has to go back to the consumer."
        : "Goods have to leave for the consumer.",
  },
  ContestOpened: {
    zh: () => "商家可以对这笔退款申诉。",
    en: () => "The merchant may contest the refund.",
  },
  ContestLapsed: { zh: () => "无人在期限内申诉。", en: () => "Nobody contested it in time." },
  PayoutRecorded: { zh: () => "已结算给商家。", en: () => "The order was paid out." },
};

/** By whom, and on which rule; what a person rests it on stands elsewhere. */
function decidedBy(of: Telling, on: string): string {
  const basis = of.code("basis");
  return basis ? `${of.code("by")}${on}${basis}` : of.code("by");
}
