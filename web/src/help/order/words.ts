import { inBoth } from "../../shared/words";

export const words = inBoth({
  title: { zh: "订单", en: "Your order" },
  andMore: {
    zh: (first: string, more: number) => `${first} 等 ${more + 1} 种`,
    en: (first: string, more: number) => `${first} and ${more} more`,
  },
  item: { zh: "商品", en: "Item" },
  placed: { zh: (when: string) => `${when}下单`, en: (when: string) => `Ordered ${when}` },
  cancelledOn: {
    zh: (when: string) => `已于${when}取消。`,
    en: (when: string) => `Cancelled ${when}.`,
  },
  presaleUnpaid: {
    zh: "尾款未按时支付，预售订单已关闭。",
    en: "The presale ended, as the rest was not paid.",
  },
  presaleYours: { zh: "您已取消预售订单。", en: "You ended the presale." },
  presaleTheirs: {
    zh: "商家没有履行预售；已付的钱会退给您。",
    en: "The shop did not go on with the presale; what you paid goes back to you.",
  },
  depositKept: {
    zh: (amount: string) => `定金 ${amount} 不退。`,
    en: (amount: string) => `The shop keeps the deposit of ${amount}.`,
  },
  deliveredKept: {
    zh: (when: string) => `${when}已送达，如期。`,
    en: (when: string) => `Delivered ${when}, as promised.`,
  },
  deliveredLate: {
    zh: (when: string, due: string) => `${when}才送达，承诺${due}。`,
    en: (when: string, due: string) => `Delivered ${when}; promised ${due}.`,
  },
  delivered: {
    zh: (when: string) => `${when}已送达。`,
    en: (when: string) => `Delivered ${when}.`,
  },
  ready: { zh: "已到取件点，等您来取。", en: "It waits for you at the pick-up point." },
  underWay: { zh: "在运输途中。", en: "On its way." },
  doesNotCome: {
    zh: "包裹已退回或丢失，不会再送达。",
    en: "The parcel went back or is lost; it does not come.",
  },
  ordered: { zh: "已下单，待发货。", en: "Ordered; not sent yet." },
  notShipped: {
    zh: (due: string) => `承诺${due}发货，还没有发。`,
    en: (due: string) => `Should have been sent ${due}; it has not been yet.`,
  },
  shipsBy: {
    zh: (due: string) => `承诺最晚${due}发货。`,
    en: (due: string) => `Will be sent by ${due}.`,
  },
  promisedNowExpected: {
    zh: (due: string, now: string) => `承诺${due}到，现预计${now}。`,
    en: (due: string, now: string) => `Promised ${due}; now expected ${now}.`,
  },
  promisedLate: {
    zh: (due: string) => `承诺${due}到，已晚了。`,
    en: (due: string) => `Promised ${due}; it is late.`,
  },
  promisedBy: { zh: (due: string) => `承诺${due}送达。`, en: (due: string) => `Promised ${due}.` },
  part: { zh: (number: number) => `第 ${number} 部分`, en: (number: number) => `Part ${number}` },
  times: { zh: (count: number) => `× ${count}`, en: (count: number) => `× ${count}` },
  whatIsWrong: { zh: "遇到什么问题？", en: "What is wrong?" },
  person: { zh: "找人工客服", en: "Talk to a person" },
  wait: { zh: (lasts: string) => `约 ${lasts}`, en: (lasts: string) => `about ${lasts}` },
  inHand: { zh: "正在处理", en: "In hand" },
  remediesUnread: {
    zh: "您申请过的售后暂时无法显示，但都仍然有效。",
    en: "What you have asked for cannot be shown right now. It stands all the same.",
  },
  before: { zh: "已处理", en: "Done before" },

  getNow: {
    zh: (what: string, amount: string) => `${what}，立即退 ${amount}`,
    en: (what: string, amount: string) => `${what}, get ${amount} back now`,
  },
  getPaid: {
    zh: (what: string, amount: string) => `${what}，立即到账 ${amount}`,
    en: (what: string, amount: string) => `${what}, get ${amount} now`,
  },
  getLater: {
    zh: (what: string, amount: string) => `${what}，退 ${amount}`,
    en: (what: string, amount: string) => `${what}, get ${amount} back`,
  },
  askFor: {
    zh: (what: string, amount: string) => `申请${what} ${amount}`,
    en: (what: string, amount: string) => `${what}: ask for ${amount} back`,
  },
  askPlain: { zh: (what: string) => `申请${what}`, en: (what: string) => `${what}: ask for it` },

  doCancel: { zh: "取消订单", en: "Cancel" },
  doRefund: { zh: "留下商品并退款", en: "Keep it and get money back" },
  doRefundNotHere: { zh: "未收货退款", en: "Get the money back" },
  doReturn: { zh: "退货", en: "Send it back" },
  doReturnUnderWay: { zh: "拒收或拦截", en: "Refuse it or call it back" },
  doExchange: { zh: "换一个", en: "Have it exchanged" },
  doResend: { zh: "再发一次", en: "Have it sent again" },
  doRepair: { zh: "维修", en: "Have it repaired" },
  doPriceProtection: { zh: "退差价", en: "Get the difference" },
  doCompensation: { zh: "赔付", en: "Be compensated" },

  preview: { zh: "会怎样", en: "What you get" },
  ways: { zh: "想怎么处理？", en: "What would you like?" },
  quantity: { zh: (what: string) => `${what} 数量`, en: (what: string) => `How many: ${what}` },
  fewer: { zh: (what: string) => `减少 ${what}`, en: (what: string) => `One less: ${what}` },
  more: { zh: (what: string) => `增加 ${what}`, en: (what: string) => `One more: ${what}` },
  total: { zh: "合计", en: "Together" },
  shipping: { zh: "运费", en: "Shipping" },
  backTo: {
    zh: (amount: string, method: string) => `${amount} 原路退回（${method}）`,
    en: (amount: string, method: string) => `${amount} back the way you paid (${method})`,
  },
  wallet: { zh: "钱包", en: "wallet" },
  card: { zh: "银行卡", en: "card" },
  balance: { zh: "余额", en: "balance" },
  coupon: { zh: "优惠券", en: "coupon" },
  stepAnswer: {
    zh: (when: string) => `最晚${when}答复您`,
    en: (when: string) => `You have an answer by ${when}`,
  },
  stepChoose: {
    zh: (when: string) => `请在${when}前答复商家的协商方案`,
    en: (when: string) => `Say by ${when} whether you take the offer`,
  },
  stepSendBack: {
    zh: (when: string) => `请在${when}前寄回`,
    en: (when: string) => `Send it back by ${when}`,
  },
  stepNameRoute: {
    zh: (when: string) => `请在${when}前选择退到哪里`,
    en: (when: string) => `Say by ${when} where the money can go`,
  },
  stepInspect: {
    zh: (when: string) => `最晚${when}验完货`,
    en: (when: string) => `It is looked at by ${when}`,
  },
  stepSend: {
    zh: (when: string) => `最晚${when}发出`,
    en: (when: string) => `It is sent to you by ${when}`,
  },
  stepRepair: {
    zh: (when: string) => `最晚${when}修好寄出`,
    en: (when: string) => `It is repaired by ${when}`,
  },
  stepRefund: {
    zh: (when: string) => `最晚${when}汇出款项`,
    en: (when: string) => `The money leaves by ${when}`,
  },
  needsPictures: {
    zh: (count: number) => `请附上至少 ${count} 张照片`,
    en: (count: number) => (count === 1 ? "Please add a picture" : `Please add ${count} pictures`),
  },
  note: { zh: "补充说明（可不填）", en: "Anything to add? (you need not)" },
  changed: {
    zh: "金额刚刚有变化，请按新金额确认。",
    en: "The amount has just changed. Look at the new one and confirm again.",
  },
  notPossible: { zh: "这样办不了", en: "This cannot be done" },
  notPossiblePlain: { zh: "目前不能这样处理。", en: "As things stand, this cannot be done." },
  source: {
    zh: (basis: string) => `依据：${basis.replace(/ ?arts?\.? (\d+(?:, \d+)*)/g, "第 $1 条")}`,
    en: (basis: string) => `Why: ${basis}`,
  },
  ownRules: { zh: "平台售后规则", en: "this marketplace's after-sales rules" },
  nearest: { zh: "可以这样", en: "What can be done" },
  nearestLater: {
    zh: (what: string, stage: string) => `${stage}后可以：${what}`,
    en: (what: string, stage: string) => `Once it is ${stage}: ${what}`,
  },
  stageShipped: { zh: "发货", en: "on its way" },
  stageDelivered: { zh: "送达", en: "delivered" },
  stageCancelled: { zh: "取消", en: "cancelled" },
  stageUnshipped: { zh: "未发货", en: "not sent yet" },
  object: { zh: "我有异议", en: "Object" },
  objection: {
    zh: (what: string) => `我对此有异议：${what}`,
    en: (what: string) => `I object: ${what}`,
  },
  expected: {
    zh: (when: string) => `预计${when}送达。`,
    en: (when: string) => `Expected ${when}.`,
  },
});
