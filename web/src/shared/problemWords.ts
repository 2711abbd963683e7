import type { Problem } from "../api/problems";
import { inBoth, type Language, type Word } from "./words";

/** What the service may refuse to consumers and to those who work here alike. */
export const PROBLEMS = inBoth({
  unreachable: {
    zh: "连不上服务。已输入的内容都还在，连上后可再试。",
    en: "The service cannot be reached. What you typed is kept; try again when you are back online.",
  },
  session_ended: {
    zh: "登录已过期，请重新登录；已输入的内容都还在。",
    en: "Your session is over. Log in again; what you typed is kept.",
  },
  credentials_missing: {
    zh: "登录已过期；已输入的内容都还在。",
    en: "Your session is over; what you typed is kept.",
  },
  not_allowed: { zh: "您没有权限这样做。", en: "You are not allowed to do this." },
  not_found: { zh: "没有找到，或您看不到。", en: "There is none, or none that you may see." },
  stale_version: {
    zh: "刚刚有了变化，请看一下最新情况再试。",
    en: "Something has just changed. Look at how it stands now, then try again.",
  },
  case_closed: { zh: "已经关闭了。", en: "This case is closed." },
  case_resolved: { zh: "已经解决了。", en: "This case is resolved." },
  rating_final: { zh: "评价已不能再修改。", en: "The rating cannot be changed any more." },
  rating_over: { zh: "已过评价时间。", en: "It is too late to rate this." },
  promise_unmet: {
    zh: "对消费者的承诺还没有兑现，不能结案。",
    en: "A promise to the consumer is not kept yet, so this cannot be resolved.",
  },
  remedies_too_many: {
    zh: "这个订单同时处理的售后已满。可把几件商品合在一次申请里，或等一项结束后再申请；已申请的不受影响。",
    en: "No more can run for this order at a time. Put several items into one request, or ask again once one is over; what runs goes on.",
  },
  amount_changed: {
    zh: "金额刚刚有变化，请按新金额确认。",
    en: "The amount has changed. Look at the new one and confirm again.",
  },
  evidence_needed: {
    zh: "还缺证据，请先选择或附上文件。",
    en: "Evidence is missing: choose or add the files that show it.",
  },
  evidence_unknown: {
    zh: "所选的文件有的已不在，或不能作为证据，请重新选择。",
    en: "Some of these files are gone, or cannot be shown for this. Choose again.",
  },
  variable_unknown: {
    zh: "里面有不存在的变量。",
    en: "A variable in it does not exist.",
  },
  template_invalid: {
    zh: "单独的花括号要写两遍。",
    en: "A brace that means itself is written twice.",
  },
  key_exists: {
    zh: "这个名称用过了，请换一个。",
    en: "A key of this name is or was there; take another name.",
  },
  shift_overlaps: {
    zh: "与已有的班次重叠或相接。",
    en: "It overlaps with another shift, or touches one.",
  },
  shift_past: { zh: "班次已经结束了。", en: "This shift would be over already." },
  shifts_too_many: {
    zh: "一名客服最多排 14 个班次。",
    en: "An agent has 14 shifts planned at most.",
  },
  breaks_wrong: {
    zh: "休息要按顺序，并在班次之内。",
    en: "Breaks follow each other within the shift.",
  },
  span_empty: { zh: "结束要晚于开始。", en: "The end has to come after the beginning." },
  flags_changed: {
    zh: "刚刚又标记了新的消息，请看过再处理。",
    en: "More was flagged meanwhile. Look at it first, then decide.",
  },
  login_failed: { zh: "用户名或密码不对。", en: "The name or the password is wrong." },
  last_admin: {
    zh: "这是最后一个可登录的管理员，请先让另一位可以登录。",
    en: "Nobody else can log in as an admin. Let another one in first.",
  },
  too_many_attempts: {
    zh: "尝试次数过多，请稍后再试。",
    en: "Too many attempts. Wait a little, then try again.",
  },
  too_many_requests: { zh: "请求太频繁，请稍候。", en: "Too often. Wait a moment." },
  // Of a proxy in front of the service, which has no words of its own.
  http_413: { zh: "内容或文件太大。", en: "This is too large." },
  body_too_large: { zh: "内容太长。", en: "This is too long." },
  attachment_unknown: {
    zh: "文件已过期，请重新选择。",
    en: "A file is no longer there: choose it again.",
  },
  attachment_too_large: { zh: "文件太大。", en: "The file is too large." },
  attachments_day_full: {
    zh: "24 小时内能发送的文件已满，请改天再发。",
    en: "These are more files than can be sent within 24 hours. Send it another day.",
  },
  attachment_type_unknown: { zh: "不支持这种文件。", en: "Files of this kind are not taken." },
  attachment_type_mismatch: {
    zh: "文件内容与类型不符，未接收。",
    en: "The file is not what its name says, so it was not taken.",
  },
  parked: {
    zh: "已收到，但处理时出了问题，工作人员会查看；不用再提交。",
    en: "It was taken in but could not be done. Somebody will look at it; do not send it again.",
  },
  idempotency_key_reused: {
    zh: "这与之前提交的内容不一致，请刷新页面再试。",
    en: "Something else was sent in its place before. Load the page anew and try again.",
  },
  body_incomplete: { zh: "传送中断了，请再试一次。", en: "It did not arrive whole. Try again." },
  body_too_slow: {
    zh: "传送太慢，已中断，请再试一次。",
    en: "It took too long to arrive. Try again.",
  },
  token_invalid: {
    zh: "登录信息无效，请从应用里重新进入。",
    en: "You are not logged in. Come here again from the app.",
  },
  token_replayed: {
    zh: "这个入口已用过，请从应用里重新进入。",
    en: "This way in was used already. Come here again from the app.",
  },
  message_blocked: {
    zh: "内容含有不能发送的信息，请修改后再发。",
    en: "Some of this cannot be sent. Change it, then send it again.",
  },
  message_empty: { zh: "还没有内容。", en: "There is nothing in it yet." },
  message_too_long: {
    zh: "内容太长，请缩短或分几次发。",
    en: "This is too long. Shorten it, or send it in parts.",
  },
  attachments_too_many: {
    zh: "文件太多，请减少几个，或先发送已选的。",
    en: "These are too many files. Take some out, or send those chosen first.",
  },
  attachment_damaged: {
    zh: "文件已损坏，请换一个。",
    en: "The file is damaged. Choose another one.",
  },
  attachment_empty: { zh: "文件是空的。", en: "The file is empty." },
  attachment_erased: {
    zh: "资料刚被删除，文件也不在了。",
    en: "The data was just erased, and the file with it.",
  },
  party_erased: {
    zh: "此人的资料已删除，不能再这样做。",
    en: "This person's data was erased, so this cannot be done any more.",
  },
  case_open: { zh: "还在处理中。", en: "This case is still open." },
  case_unknown: { zh: "没有找到。", en: "There is no such case." },
  case_in_part: {
    zh: "其中有商品已在单独处理。",
    en: "One of the goods has a case of its own already.",
  },
  conversation_unknown: { zh: "没有找到这个对话。", en: "There is no such conversation." },
  order_unknown: { zh: "没有找到这个订单。", en: "There is no such order." },
  part_unknown: { zh: "订单里没有这一部分。", en: "The order has no such part." },
  order_cancelled: { zh: "订单已取消。", en: "The order is cancelled." },
  subject_incomplete: {
    zh: "还没有选是哪个订单或商品。",
    en: "It is not said yet which order or goods this is about.",
  },
  call_back_not_offered: { zh: "现在不提供回电。", en: "No call back is offered now." },
  waiting_for_consumer: { zh: "正在等消费者答复。", en: "The consumer's answer is waited for." },
  too_many_cases: {
    zh: "同时处理的太多，请等一个结束。",
    en: "Too many cases run at a time. Wait until one is over.",
  },
  rating_unfit: { zh: "这个问题不能评价。", en: "This cannot be rated." },
  window_over: {
    zh: "已过可重新提出的时间，请重新提交问题。",
    en: "It is too late to reopen this. Tell us anew.",
  },
  too_late: { zh: "申请期限已过。", en: "The time to ask for this is over." },
  not_late_yet: { zh: "还没有超过应到的时间。", en: "It is not late yet." },
  nothing_left: {
    zh: "已经全部处理过，没有可再给的。",
    en: "All of it was dealt with already; nothing is left.",
  },
  nothing_was_paid: {
    zh: "这些商品没有付过钱，没有可退的。",
    en: "Nothing was paid for it, so there is nothing to give back.",
  },
  remedy_not_offered: {
    zh: "以订单现在的状态，不能这样处理。",
    en: "As the order stands now, this cannot be done.",
  },
  reason_not_accepted: {
    zh: "这个理由不适用于这种处理方式。",
    en: "This is not given for that reason.",
  },
  reason_unknown: { zh: "没有这个理由。", en: "There is no such reason." },
  not_after_another: {
    zh: "已经申请过别的处理，不能再这样处理。",
    en: "Something else was asked for it already.",
  },
  remedy_unknown: { zh: "这项售后已结束，或不存在。", en: "This is over, or there is none." },
  remedy_closed: { zh: "这项售后已结束。", en: "This is over already." },
  remedy_decided: {
    zh: "已经有了决定，请看最新情况。",
    en: "It is decided already. Look at how it stands now.",
  },
  in_dispute: { zh: "正在由平台裁决。", en: "The platform is deciding it." },
  dispute_not_open: { zh: "现在没有可处理的争议。", en: "No dispute about this is open." },
  evidence_missing: {
    zh: "还缺能说明情况的文件，请先附上。",
    en: "Add the pictures or files that show it first.",
  },
  evidence_too_much: { zh: "证据文件已满。", en: "No more evidence can be added." },
  nothing_to_object: { zh: "没有可提出异议的决定。", en: "There is nothing to object to." },
  objected_before: { zh: "已经提出过一次异议。", en: "It was objected to once already." },
  objection_too_late: { zh: "已过提出异议的时间。", en: "It is too late to object." },
  counter_offer_gone: { zh: "这个协商方案已失效。", en: "This offer stands no more." },
  offer_stands: {
    zh: "已有一个协商方案等消费者选择。",
    en: "An offer waits for the consumer already.",
  },
  change_under_way: {
    zh: "订单正在修改，请等修改结束。",
    en: "The order is being changed. Wait until that is over.",
  },
  charge_settled: { zh: "这笔补差已处理过。", en: "This charge is settled already." },
  address_missing: { zh: "还没有填新地址。", en: "The new address is missing." },
  address_not_wanted: { zh: "这里不需要地址。", en: "No address is needed for this." },
  replacement_needed: {
    zh: "还没有选换成什么。",
    en: "It is not said yet what is to come instead.",
  },
  replacement_differs: {
    zh: "只能换同一商品的其他款式。",
    en: "Only another of the same goods can come instead.",
  },
  replacement_not_offered: { zh: "这里不能换货。", en: "Nothing else can come instead here." },
  replacement_same: { zh: "选的款式和原来一样。", en: "This is the same as before." },
  replacement_too_cheap: {
    zh: "换的商品不能比原来的便宜。",
    en: "What comes instead cannot cost less.",
  },
  replacements_too_many: { zh: "换的款式太多。", en: "These are too many to exchange at once." },
  variant_twice: { zh: "同一款式选了两次。", en: "The same kind was chosen twice." },
  variant_unknown: { zh: "没有这个款式。", en: "There is no such variant." },
  variant_unavailable: { zh: "这个款式暂时没有货。", en: "This variant is sold out for now." },
  listing_unknown: { zh: "没有找到这个商品。", en: "This product was not found." },
  item_unknown: { zh: "没有找到这件商品。", en: "There is no such item in it." },
  line_twice: { zh: "同一件商品选了两次。", en: "The same item was chosen twice." },
  lines_missing: { zh: "还没有选商品。", en: "No item is chosen yet." },
  lines_too_many: {
    zh: "同时处理的商品太多，请等一项结束。",
    en: "Too many items are being dealt with. Wait until one is over.",
  },
  parts_mixed: { zh: "请一次只选一个商家的商品。", en: "Choose items of one seller at a time." },
  quantity_exceeds_bought: {
    zh: "数量超过了还可处理的件数。",
    en: "There are not so many of it left.",
  },
  amount_needed: { zh: "还没有填金额。", en: "The amount is missing." },
  amount_not_positive: { zh: "金额要大于零。", en: "The amount has to be more than nothing." },
  amount_not_in_part: {
    zh: "金额要大于零，小于申请的全部。",
    en: "The amount has to be more than nothing and less than all that was asked for.",
  },
  refund_exceeds_paid: { zh: "超过了实付金额。", en: "That is more than was paid." },
  order_too_large: {
    zh: "这个订单改动太多，不能再改，可找人工客服。",
    en: "This order was changed too often to be changed again; talk to a person.",
  },
  method_missing: { zh: "还没有选支付方式。", en: "No way to pay is chosen yet." },
  method_not_allowed: { zh: "不能退到这里。", en: "It cannot go back that way." },
  method_same: { zh: "与原来的支付方式相同。", en: "It was paid that way already." },
  method_unknown: { zh: "没有这个支付方式。", en: "There is no such way to pay." },
  balance_insufficient: { zh: "余额不足。", en: "There is not enough on that balance." },
  currency_differs: { zh: "币种不一致。", en: "It is in another currency." },
  price_changed: {
    zh: "价格刚刚有变化，请看新价格再确认。",
    en: "The price has changed. Look at the new one and confirm again.",
  },
  price_not_protected: { zh: "这类商品不保价。", en: "The price of such goods is not protected." },
  prices_too_many: { zh: "保价的商品太多。", en: "Too many prices are protected in this order." },
  presale_price_differs: {
    zh: "预售只能换同价的款式。",
    en: "Of a presale only what costs the same can come instead.",
  },
  return_not_asked: { zh: "没有要寄回的商品。", en: "Nothing is to be sent back." },
  return_not_missed: { zh: "还没有错过寄回时间。", en: "The time to send it back is not over." },
  reopened_before: {
    zh: "已经重新开启过一次，可以重新申请。",
    en: "It was reopened once already. You can ask anew.",
  },
  parcel_of_another: {
    zh: "这个包裹属于另一项售后。",
    en: "This parcel belongs to something else.",
  },
  parcel_unknown: { zh: "没有找到这个包裹。", en: "There is no such parcel." },
  parcels_too_many: { zh: "包裹太多。", en: "These are too many parcels." },
  place_unknown: { zh: "没有找到退货地址。", en: "There is no such place to return it to." },
  tracking_code_unknown: { zh: "没有这种物流状态。", en: "There is no such status of a parcel." },
  slot_empty: { zh: "上门时间不对，请重新选。", en: "That time does not fit. Choose another one." },
  route_missing: { zh: "还没有选退款去向。", en: "It is not said yet where the money should go." },
  route_not_needed: {
    zh: "退款没有失败，不用另选去向。",
    en: "No refund has failed, so no other way is needed.",
  },
  routes_too_many: {
    zh: "退款去向换得太多，不能再换。",
    en: "Too many ways were tried; no other can be named.",
  },
  refund_on_its_way: { zh: "钱已在退回途中。", en: "The money is on its way already." },
  refund_settled: { zh: "钱已经退了。", en: "The money was sent already." },
  refund_not_sent: { zh: "钱还没有退出。", en: "The money was not sent yet." },
  goods_on_their_way: { zh: "商品已寄出。", en: "The goods were sent already." },
});

const ELSE = inBoth({
  passes: { zh: "服务暂时不可用，请稍后再试。", en: "The service is busy. Try again in a moment." },
  refused: {
    zh: (why: string) => `没有办成（${why}）。`,
    en: (why: string) => `This was not done (${why}).`,
  },
});

/** What a no of the service means to whoever asked, in their language. */
export function problemWords(
  problem: Problem,
  language: Language,
  words: Readonly<Record<string, Word<string>>> = PROBLEMS,
): string {
  const word = words[problem.code];
  if (word) return word[language];
  if (problem.passes) return ELSE.passes[language];
  return ELSE.refused[language](problem.detail || problem.code);
}
