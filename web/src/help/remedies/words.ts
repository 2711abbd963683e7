import { inBoth } from "../../shared/words";

/** Remedies in the consumer's words: what they are, how far they are, what comes next. */
export const words = inBoth({
  cancel: { zh: "取消订单", en: "Cancellation" },
  refund: { zh: "退款", en: "Refund" },
  return_and_refund: { zh: "退货退款", en: "Return" },
  exchange: { zh: "换货", en: "Exchange" },
  resend: { zh: "补发", en: "Sent again" },
  repair: { zh: "维修", en: "Repair" },
  price_protection: { zh: "价保", en: "Price protection" },
  compensation: { zh: "赔付", en: "Compensation" },
  change_items: { zh: "修改商品", en: "Change of items" },
  change_address: { zh: "修改地址", en: "Change of address" },
  change_payment: { zh: "修改支付方式", en: "Change of payment" },

  answerBy: {
    zh: (what: string, when: string) => `${what}：${when}前答复您。`,
    en: (what: string, when: string) => `${what}: you have an answer by ${when}.`,
  },
  asked: { zh: (what: string) => `已申请${what}。`, en: (what: string) => `${what} asked for.` },
  offered: {
    zh: (what: string, when: string) => `商家提出：${what}。请在${when}前答复。`,
    en: (what: string, when: string) => `You are offered: ${what}. Answer by ${when}.`,
  },
  decidedBy: {
    zh: (what: string, when: string) => `${what}：平台最晚${when}裁决。`,
    en: (what: string, when: string) => `${what}: the platform decides by ${when}.`,
  },
  disputed: {
    zh: (what: string) => `${what}：双方举证中。`,
    en: (what: string) => `${what}: both sides show what they have.`,
  },
  approved: {
    zh: (what: string, when: string) => `${what}已同意，最晚${when}汇出。`,
    en: (what: string, when: string) => `${what} approved; the money leaves by ${when}.`,
  },
  approvedPlain: {
    zh: (what: string) => `${what}已同意。`,
    en: (what: string) => `${what} approved.`,
  },
  sent: {
    zh: (what: string, when: string) => `${what}已于${when}汇出。`,
    en: (what: string, when: string) => `${what} sent ${when}.`,
  },
  sentBack: {
    zh: (what: string, when: string) => `${what}已于${when}汇出，原路退回。`,
    en: (what: string, when: string) => `${what} sent ${when}, back the way it was paid.`,
  },
  sentToBalance: {
    zh: (what: string, when: string) => `${what}已于${when}转入您的余额。`,
    en: (what: string, when: string) => `${what} put on your balance ${when}.`,
  },
  sentAsCoupon: {
    zh: (what: string, when: string) => `${what}已于${when}以优惠券发放。`,
    en: (what: string, when: string) => `${what} given as a coupon ${when}.`,
  },
  credited: {
    zh: (what: string) => `${what}已到账。`,
    en: (what: string) => `${what}: the money has arrived.`,
  },
  moneyFailed: {
    zh: (what: string) => `${what}没有退成，我们正在另找退款去向。`,
    en: (what: string) => `${what} could not be sent; we are finding another way.`,
  },
  routeWanted: {
    zh: (what: string, when: string) =>
      `${what}没能原路退回：请在${when}前选择退到哪里，否则我们会联系您。`,
    en: (what: string, when: string) =>
      `${what} could not go back the way it was paid: say where to by ${when}, else we get in touch with you.`,
  },
  sendBack: {
    zh: (what: string, when: string) => `${what}：请在${when}前寄回。`,
    en: (what: string, when: string) => `${what}: send it back by ${when}.`,
  },
  told: {
    zh: (what: string, when: string, by: string) =>
      `${what}：您${when}告知已寄出，等待承运商最晚${by}首次扫描。`,
    en: (what: string, when: string, by: string) =>
      `${what}: you told us on ${when} that you sent it; the carrier has to scan it by ${by}.`,
  },
  underWay: {
    zh: (what: string) => `${what}：包裹在寄回途中。`,
    en: (what: string) => `${what}: your parcel is on its way back.`,
  },
  intercepting: {
    zh: (what: string) => `${what}：正在拦截包裹，您也可以拒收。`,
    en: (what: string) => `${what}: we are calling the parcel back; you may also refuse it.`,
  },
  inspected: {
    zh: (what: string, when: string) => `${what}：已收到，最晚${when}验完货。`,
    en: (what: string, when: string) => `${what}: it has arrived and is looked at by ${when}.`,
  },
  missed: {
    zh: (what: string) => `${what}：寄回时限已过。`,
    en: (what: string) => `${what}: the time to send it back is over.`,
  },
  goodsBy: {
    zh: (what: string, when: string) => `${what}：最晚${when}发出。`,
    en: (what: string, when: string) => `${what}: it leaves by ${when}.`,
  },
  goodsOut: {
    zh: (what: string) => `${what}：商品已发出。`,
    en: (what: string) => `${what}: it is on its way to you.`,
  },
  refused: { zh: (what: string) => `${what}未被同意。`, en: (what: string) => `${what} refused.` },
  theirsBy: {
    zh: (what: string, when: string) => `${what}未被同意，您寄来的商品最晚${when}寄还给您。`,
    en: (what: string, when: string) => `${what} refused; what you sent leaves for you by ${when}.`,
  },
  done: { zh: (what: string) => `${what}已完成。`, en: (what: string) => `${what} done.` },
  take: { zh: "接受", en: "Accept" },
  decline: { zh: "不接受，请平台裁决", en: "Decline; let the platform decide" },
  person: { zh: "请人工处理", en: "Let a person decide" },
  personDecides: {
    zh: "由平台的工作人员来决定。",
    en: "A person of the platform decides it.",
  },
  withdraw: { zh: "撤回申请", en: "Withdraw this request" },
  withdrawBack: {
    zh: "撤回后商品由您留着，不会得到退款或其他处理。确定撤回吗？",
    en: "Then you keep the goods and get nothing back. Withdraw it?",
  },
  withdrawPlain: {
    zh: "撤回后一切照旧，您不会得到所申请的。确定撤回吗？",
    en: "Then all stays as it is, and you do not get what you asked for. Withdraw it?",
  },
  keep: { zh: "不撤回", en: "Keep the request" },
  object: { zh: "我有异议，请平台裁决", en: "Object; let the platform decide" },
  objectAgain: { zh: "我有异议，请别人再看一次", en: "Object; let somebody else look again" },
  until: {
    zh: (when: string) => `可在${when}前提出异议。`,
    en: (when: string) => `You can object until ${when}.`,
  },
  sendTo: { zh: "寄到", en: "Send it to" },
  noPlace: {
    zh: (when: string) => `商家还没有给退货地址，最晚${when}给出。`,
    en: (when: string) => `The shop has still to say where to, by ${when}.`,
  },
  placeUnread: {
    zh: "退货地址暂时无法显示。",
    en: "The address to send it to cannot be shown right now.",
  },
  courier: {
    zh: (from: string, to: string) => `快递员 ${from}–${to} 上门取件`,
    en: (from: string, to: string) => `A courier comes for it, ${from} to ${to}`,
  },
  handed: { zh: "我已寄出", en: "I have handed it over" },
  receipt: {
    zh: "附上寄件凭证的照片，可以更快退款。",
    en: "With a picture of the receipt the money comes sooner.",
  },
  receiptToo: {
    zh: "附上寄件凭证的照片，不用等扫描即视为已寄出。",
    en: "With a picture of the receipt it counts as sent at once.",
  },
  showReceipt: { zh: "提交凭证", en: "Show the receipt" },
  parcel: { zh: "退货包裹", en: "Your parcel" },
  reopen: { zh: "我还想寄回", en: "I still want to send it" },
  takeBack: { zh: "把没通过的商品寄还给我", en: "Send back to me what was not accepted" },
  toBalance: { zh: "退到我的余额", en: "To my balance at the shop" },
  details: { zh: "经过", en: "What happened" },
  withdrawn: {
    zh: (what: string) => `${what}已撤回。`,
    en: (what: string) => `${what} withdrawn.`,
  },
});
