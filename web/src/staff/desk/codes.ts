// What the codes of the service are called here. Rule packs may bring more: those are shown as they are.
import { inBoth, type Language } from "../../shared/words";

const CODES = inBoth({
  // What a case is about.
  regulator: { zh: "监管投诉", en: "Regulator" },
  safety: { zh: "安全", en: "Safety" },
  second_complaint: { zh: "再次投诉", en: "Second complaint" },
  dispute: { zh: "纠纷", en: "Dispute" },
  conduct: { zh: "服务态度", en: "Conduct" },
  refund: { zh: "退款", en: "Refund" },
  return: { zh: "退货", en: "Return" },
  exchange: { zh: "换货", en: "Exchange" },
  quality: { zh: "质量问题", en: "Quality" },
  missing_part: { zh: "少件", en: "Missing part" },
  wrong_item: { zh: "发错货", en: "Wrong item" },
  late_shipping: { zh: "发货超时", en: "Late shipping" },
  late_delivery: { zh: "配送超时", en: "Late delivery" },
  wrong_handover: { zh: "未按需配送", en: "Wrong handover" },
  no_movement: { zh: "物流停滞", en: "No movement" },
  fake_tracking: { zh: "虚假发货", en: "Fake tracking" },
  courier: { zh: "快递服务", en: "Courier" },
  presale: { zh: "预售", en: "Presale" },
  price: { zh: "价格", en: "Price" },
  offer: { zh: "口播承诺", en: "Offer" },
  content: { zh: "内容", en: "Content" },
  order_question: { zh: "订单咨询", en: "Order question" },
  account: { zh: "账号", en: "Account" },
  advice: { zh: "选购咨询", en: "Advice" },
  other: { zh: "其他", en: "Other" },
  // How a case stands.
  queued: { zh: "排队中", en: "In the queue" },
  assigned: { zh: "处理中", en: "Being worked on" },
  waiting_consumer: { zh: "等消费者", en: "Waits for the consumer" },
  follow_up: { zh: "待跟进", en: "Follow-up" },
  resolved: { zh: "已解决", en: "Resolved" },
  closed: { zh: "已关闭", en: "Closed" },
  // Why it was closed.
  solved: { zh: "已解决问题", en: "Solved" },
  refused: { zh: "已拒绝", en: "Refused" },
  no_fault: { zh: "无责任方", en: "Nobody's fault" },
  duplicate: { zh: "重复", en: "Duplicate" },
  kept_promise: { zh: "承诺已兑现", en: "Promise kept" },
  informed: { zh: "已告知", en: "Informed" },
  no_reply: { zh: "未回复", en: "No reply" },
  decided_by_rule: { zh: "按规则判定", en: "Decided by rule" },
  withdrawn: { zh: "已撤销", en: "Withdrawn" },
  // What makes good, and how far it is.
  cancel: { zh: "取消订单", en: "Cancel" },
  change_items: { zh: "改商品", en: "Change items" },
  change_address: { zh: "改地址", en: "Change address" },
  change_payment: { zh: "改支付方式", en: "Change payment" },
  return_and_refund: { zh: "退货退款", en: "Return and refund" },
  resend: { zh: "补发", en: "Resend" },
  repair: { zh: "维修", en: "Repair" },
  price_protection: { zh: "价保", en: "Price protection" },
  compensation: { zh: "赔付", en: "Compensation" },
  requested: { zh: "待处理", en: "Requested" },
  approved: { zh: "已同意", en: "Approved" },
  waiting_for_return: { zh: "待寄回", en: "Waiting for the return" },
  return_in_transit: { zh: "退货途中", en: "On its way back" },
  received: { zh: "已收货", en: "Received" },
  inspected: { zh: "已验货", en: "Inspected" },
  settling: { zh: "退款中", en: "Settling" },
  settled: { zh: "已完成", en: "Settled" },
  sent: { zh: "已汇出", en: "Sent" },
  credited: { zh: "已到账", en: "Arrived" },
  failed: { zh: "失败", en: "Failed" },
  replaced: { zh: "已改道", en: "Sent elsewhere" },
  none: { zh: "无", en: "None" },
  // Why it is asked for.
  changed_mind: { zh: "不想要了", en: "Changed their mind" },
  ordered_by_mistake: { zh: "拍错", en: "Ordered by mistake" },
  late: { zh: "超时", en: "Late" },
  damaged: { zh: "破损", en: "Damaged" },
  spoiled: { zh: "变质", en: "Spoiled" },
  not_received: { zh: "未收到", en: "Not received" },
  not_as_described: { zh: "与描述不符", en: "Not as described" },
  counterfeit: { zh: "假货", en: "Counterfeit" },
  goodwill: { zh: "关怀补偿", en: "Goodwill" },
  price_dropped: { zh: "降价", en: "Price dropped" },
  apology: { zh: "道歉", en: "To say sorry" },
  long_wait: { zh: "等待太久", en: "They waited too long" },
  repeated_trouble: { zh: "多次出问题", en: "It went wrong before" },
  loyal_customer: { zh: "老顾客", en: "A loyal customer" },
  // Why not, and what was decided.
  not_as_claimed: { zh: "与所述不符", en: "Not as claimed" },
  used: { zh: "已使用", en: "It was used" },
  not_ours: { zh: "与我们无关", en: "Not ours" },
  out_of_time: { zh: "超过期限", en: "Out of time" },
  wrong_decision: { zh: "裁决有误", en: "The decision is wrong" },
  not_returned: { zh: "没有寄回", en: "Nothing came back" },
  other_goods: { zh: "寄回的是别的东西", en: "Other goods came back" },
  shown: { zh: "证据充分", en: "The evidence shows it" },
  not_shown: { zh: "证据不足", en: "The evidence does not show it" },
  both_answerable: { zh: "双方都有责任", en: "Both are answerable" },
  consumer_right: { zh: "消费者的权利", en: "The consumer's right" },
  not_convinced: { zh: "理由不足", en: "Not convincing" },
  too_much: { zh: "金额过高", en: "Too much" },
  not_owed: { zh: "不应给", en: "Not owed" },
  // Who bears it.
  merchant: { zh: "商家", en: "Merchant" },
  creator: { zh: "达人", en: "Creator" },
  agency: { zh: "机构", en: "Agency" },
  carrier: { zh: "快递公司", en: "Carrier" },
  insurer: { zh: "保险公司", en: "Insurer" },
  platform: { zh: "平台", en: "Platform" },
  consumer: { zh: "消费者", en: "Consumer" },
  // How money leaves.
  instant: { zh: "即时退款", en: "At once" },
  at_scan: { zh: "揽收后退款", en: "When the return is scanned" },
  after_inspection: { zh: "验货后退款", en: "After inspection" },
  // What has to happen.
  answer: { zh: "答复", en: "Answer" },
  send_back: { zh: "寄回", en: "Send back" },
  inspect: { zh: "验货", en: "Inspect" },
  send: { zh: "发出", en: "Send out" },
  // Promises and parcels.
  kept: { zh: "已兑现", en: "Kept" },
  broken: { zh: "违约", en: "Broken" },
  early: { zh: "提前", en: "Early" },
  open: { zh: "进行中", en: "Open" },
  relieved: { zh: "已豁免", en: "Relieved" },
  void: { zh: "作废", en: "Void" },
  same_day: { zh: "当日达", en: "Same day" },
  next_day: { zh: "次日达", en: "Next day" },
  chosen_day: { zh: "选日达", en: "Chosen day" },
  standard: { zh: "标准", en: "Standard" },
  deliver_by: { zh: "送达时限", en: "Deliver by" },
  announced: { zh: "待揽收", en: "Announced" },
  collected: { zh: "已揽收", en: "Collected" },
  in_transit: { zh: "运输中", en: "In transit" },
  out_for_delivery: { zh: "派送中", en: "Out for delivery" },
  delivered: { zh: "已签收", en: "Delivered" },
  exception: { zh: "异常", en: "Exception" },
  returned: { zh: "已退回", en: "Returned" },
  lost: { zh: "丢失", en: "Lost" },
  // Whether work may come.
  available: { zh: "可接单", en: "Available" },
  wrap_up: { zh: "整理中", en: "Wrapping up" },
  draining: { zh: "收尾中", en: "Finishing up" },
  away: { zh: "离席", en: "Away" },
  // From where they came.
  phone: { zh: "电话", en: "Phone" },
  chargeback: { zh: "拒付", en: "Chargeback" },
});

/** What a case can be about, as far as it has words here. */
export const ISSUES: readonly string[] = Object.keys(CODES).slice(
  0,
  Object.keys(CODES).indexOf("other") + 1,
);

/** The code in words; one that nobody here knows, as it is written. */
export function code(name: string, language: Language): string {
  const found = (CODES as Record<string, { zh: string; en: string }>)[name];
  return found ? found[language] : name.replaceAll("_", " ");
}

/** Whose desk that is: "Platform", or which kind of party's. */
export function deskName(desk: string, language: Language): string {
  return code(desk.split(":")[0] ?? desk, language);
}
