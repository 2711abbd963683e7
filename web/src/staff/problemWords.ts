import type { Problem } from "../api/problems";
import { problemWords as commonWords } from "../shared/problemWords";
import { inBoth, type Language } from "../shared/words";

const WORDS = inBoth({
  // Taking and leaving work
  agent_absent: {
    zh: "您现在是离席或收尾状态，先改为可接单。",
    en: "You are not available. Say that you are, then take it.",
  },
  agent_full: {
    zh: "手上的工单已到上限，先结束或转出一个。",
    en: "They hold as many cases as they can. One has to go first.",
  },
  case_leaving: { zh: "该工单正在退回队列。", en: "This case is on its way back to the queue." },
  not_member: { zh: "客服不在这个服务台。", en: "The agent does not work at this desk." },
  skill_missing: { zh: "客服没有所需的技能。", en: "The agent lacks the skill for it." },
  language_missing: { zh: "客服不会该语言。", en: "The agent does not speak the language." },
  not_held: { zh: "该工单已不在这位客服手上。", en: "The agent has this case no more." },
  not_assigned: { zh: "该工单不在任何客服手上。", en: "No agent has this case." },
  reveal_suspended: {
    zh: "查看次数异常，已暂停，请班组长或管理员解除。",
    en: "Too much was looked at, so this is suspended. A supervisor or an admin lifts it.",
  },
  // Messages
  message_empty: { zh: "还没有写内容。", en: "There is nothing in it yet." },
  message_too_long: { zh: "内容太长，请分成几条发送。", en: "It is too long; send it in parts." },
  message_blocked: {
    zh: "内容含有不能发送的信息，请修改后再发。",
    en: "It holds what must not be sent. Change it and send it again.",
  },
  message_erased: { zh: "该消息已删除。", en: "This message was erased." },
  attachments_too_many: { zh: "文件太多，请分几条发送。", en: "Too many files; send some later." },
  mention_unknown: {
    zh: "提到的人看不到这条消息。",
    en: "Somebody who is mentioned cannot read this.",
  },
  card_unclear: { zh: "无法发送这张卡片。", en: "This card cannot be sent." },
  card_foreign: { zh: "卡片不属于这个对话的订单。", en: "The card is about another order." },
  whisper_not_internal: { zh: "只能写给自己的服务台。", en: "It has to be a note to one's desk." },
  call_to_consumer: { zh: "通话记录不能发给消费者。", en: "A call is not shown to the consumer." },
  // Cases
  case_unknown: { zh: "没有这个工单。", en: "There is no such case." },
  conversation_unknown: { zh: "没有这个对话。", en: "There is no such conversation." },
  case_open: { zh: "该工单还没有解决。", en: "This case is still open." },
  case_apart: {
    zh: "该工单需要第二个人处理，不能合并。",
    en: "This case needs a second person, so it is not merged.",
  },
  too_many_cases: {
    zh: "这个对话里处理中的工单已满，先结束一个。",
    en: "This conversation holds as many open cases as it can. One has to end first.",
  },
  waiting_for_consumer: {
    zh: "正在等消费者答复，同时只能等一件事。",
    en: "It waits for the consumer already, and for one thing at a time.",
  },
  question_limit: {
    zh: "已问过多次，不能再暂停等待，请先处理。",
    en: "The consumer was asked often enough; it cannot wait for them once more.",
  },
  only_consumer_withdraws: {
    zh: "只有消费者自己可以撤回诉求。",
    en: "Only the consumer takes back what they asked for.",
  },
  reason_not_yours: {
    zh: "这个结案原因只由系统使用。",
    en: "Only a clock or a rule closes for this reason.",
  },
  reason_invalid: { zh: "请选择列表中的原因。", en: "Choose one of the reasons." },
  reason_missing: { zh: "请写明原因。", en: "Say why." },
  window_over: {
    zh: "已过可重新打开的时间，请新建工单。",
    en: "It is too late to reopen it. Begin a new case.",
  },
  time_in_past: { zh: "时间要在以后。", en: "Choose a time to come." },
  time_too_far: { zh: "时间太远了，请选近一些。", en: "This is too far ahead. Choose sooner." },
  shares_not_100: { zh: "责任比例合计要为 100%。", en: "The shares have to add up to 100%." },
  // Desks
  same_desk: { zh: "已经在这个服务台了。", en: "It is at this desk already." },
  desk_unknown: { zh: "没有这个服务台。", en: "There is no such desk." },
  desk_closed: { zh: "该服务台已关闭，不接工单。", en: "This desk is closed and takes no cases." },
  desk_unrelated: {
    zh: "该服务台与这个问题无关。",
    en: "This desk has nothing to do with what it is about.",
  },
  referred_already: {
    zh: "已在询问一个服务台，同时只能问一个。",
    en: "Another desk is asked already, and one at a time.",
  },
  not_referred: { zh: "没有在询问别的服务台。", en: "No other desk is asked." },
  platform_stays_open: {
    zh: "平台服务台不能关闭，工单总要有去处。",
    en: "The platform's desk stays open, so that every case has somewhere to go.",
  },
  call_back_not_offered: {
    zh: "只有排队过长时才提供回电。",
    en: "A call back is offered only while the wait is long.",
  },
  // Remedies
  remedy_unknown: { zh: "没有这个方案，或已结束。", en: "There is no such remedy, or it is over." },
  remedy_closed: { zh: "该方案已结束。", en: "This remedy is over." },
  remedy_decided: { zh: "该方案已有决定。", en: "This remedy is decided already." },
  remedy_not_offered: {
    zh: "按订单现在的状态，不能这样处理。",
    en: "As the order stands now, this is not given.",
  },
  kind_not_offered: { zh: "不能提出这种方案。", en: "This cannot be offered." },
  offer_stands: {
    zh: "已提出一个方案，等消费者答复。",
    en: "Something is offered already; the consumer answers first.",
  },
  counter_offer_gone: { zh: "该提议已不在了。", en: "This offer stands no more." },
  nothing_left: {
    zh: "这些商品都已处理过。",
    en: "All of it was given back or dealt with already.",
  },
  too_late: { zh: "已过期限。", en: "The time for it is over." },
  not_late_yet: { zh: "还没有超过承诺的时间。", en: "It is not late yet." },
  not_after_another: {
    zh: "已有别的处理，不能再这样处理。",
    en: "Something else was asked for it already.",
  },
  reason_not_accepted: { zh: "这个原因不适用。", en: "It is not given for that reason." },
  reason_unknown: { zh: "规则里没有这个原因。", en: "The rules do not know this reason." },
  lines_too_many: {
    zh: "同时处理的商品行太多，先等一些结束。",
    en: "Too many lines are under way for this order. Some have to end first.",
  },
  lines_missing: { zh: "请先选择商品。", en: "Choose the items first." },
  line_twice: { zh: "每件商品只能选一次。", en: "Name each item once." },
  item_unknown: { zh: "订单里没有这件商品。", en: "The order has no such item." },
  part_unknown: { zh: "订单里没有这一部分。", en: "The order has no such part." },
  parts_mixed: {
    zh: "一次只能处理同一商家的商品。",
    en: "Take the items of one merchant's part at a time.",
  },
  order_unknown: { zh: "没有这个订单。", en: "There is no such order." },
  order_too_large: { zh: "订单太大，不能再改。", en: "The order is too large to be changed." },
  quantity_exceeds_bought: { zh: "数量超过了剩余的。", en: "This is more than is left of it." },
  quantity_exceeds_returned: { zh: "数量超过了退回的。", en: "This is more than came back." },
  amount_needed: { zh: "请填写金额。", en: "Say how much." },
  amount_not_positive: { zh: "金额要大于零。", en: "The amount has to be more than nothing." },
  amount_differs: { zh: "金额与应付的不一致。", en: "The amount is not what was asked for." },
  currency_differs: { zh: "币种与订单不一致。", en: "The currency is not the order's." },
  refund_exceeds_paid: { zh: "超过了实付金额。", en: "This is more than was paid." },
  facts_needed: {
    zh: "请至少选择一项核实的情况。",
    en: "Choose at least one thing that was found.",
  },
  risk_not_found: { zh: "没有需要排除的风险。", en: "No risk holds it up." },
  shares_not_whole: { zh: "承担比例合计要为 100%。", en: "The shares have to add up to 100%." },
  payer_unknown: { zh: "没有这个承担方。", en: "There is nobody of this kind to bear it." },
  replacement_needed: {
    zh: "请为每件商品选择换成什么。",
    en: "Choose a replacement for each line.",
  },
  replacement_not_offered: { zh: "不能换成这个。", en: "This is no replacement for it." },
  replacement_too_cheap: {
    zh: "换成的商品太便宜，不够已减去的金额。",
    en: "The replacement costs less than was taken off.",
  },
  variant_unknown: { zh: "没有这个规格。", en: "There is no such variant." },
  variant_unavailable: { zh: "这个规格没有货。", en: "This variant is not there." },
  price_changed: {
    zh: "价格刚刚有变化，请再看一下。",
    en: "The price has just changed. Look again.",
  },
  change_under_way: {
    zh: "订单正在修改，完成后再试。",
    en: "The order is being changed. Try again once it is done.",
  },
  address_missing: { zh: "请填写新地址。", en: "Say to which address." },
  address_not_wanted: { zh: "这里不需要地址。", en: "No address is needed for this." },
  method_missing: { zh: "请选择付款方式。", en: "Choose how it is paid." },
  method_unknown: { zh: "消费者没有这种付款方式。", en: "The consumer has no such way to pay." },
  method_same: { zh: "请选另一种付款方式。", en: "Choose another way than it was paid." },
  method_not_allowed: { zh: "不能退到这种付款方式。", en: "Money does not go back this way here." },
  balance_insufficient: { zh: "余额不足。", en: "The balance is not enough." },
  replacement_same: { zh: "换成的与原来的一样。", en: "The replacement is what they have." },
  replacement_differs: {
    zh: "只能换同一商品的其他规格。",
    en: "Only another variant of the same listing replaces it.",
  },
  replacements_too_many: { zh: "一次换的商品太多了。", en: "Too many items at a time." },
  // Refunds, and goods that travel
  refund_unknown: { zh: "没有这笔退款。", en: "There is no such refund." },
  refund_on_its_way: { zh: "退款已在途中。", en: "The money is on its way already." },
  refund_settled: { zh: "这笔退款已汇出。", en: "This refund was sent already." },
  refund_not_sent: { zh: "这笔退款还没有汇出。", en: "This refund was not sent yet." },
  refund_replaced: { zh: "这笔退款已改从别处退回。", en: "This refund was sent elsewhere." },
  route_not_needed: { zh: "没有失败的退款。", en: "No refund has failed." },
  route_missing: { zh: "请选择可以收款的方式。", en: "Choose a way by which money arrives." },
  routes_too_many: { zh: "重试的次数太多了。", en: "It was tried too often." },
  goods_on_their_way: { zh: "商品已在途中。", en: "The goods are on their way." },
  goods_not_due: { zh: "没有要发给消费者的商品。", en: "No goods are to leave for the consumer." },
  return_not_asked: { zh: "没有要退回的商品。", en: "No goods are to come back." },
  return_not_missed: { zh: "退货期限还没有过。", en: "The return was not missed." },
  reopened_before: {
    zh: "只能延期一次，可以重新申请。",
    en: "This was done once; it can be asked for anew.",
  },
  nothing_to_inspect: { zh: "没有等待验收的退货。", en: "No return waits to be inspected." },
  parcel_unknown: { zh: "没有这个包裹。", en: "There is no such parcel." },
  parcel_of_another: { zh: "这个包裹属于别的处理。", en: "This parcel belongs to something else." },
  parcels_too_many: { zh: "包裹太多了。", en: "There are too many parcels." },
  place_unknown: { zh: "没有这个退货地址。", en: "There is no such place for returns." },
  slot_empty: { zh: "取件时间不对。", en: "The time of the pick-up is wrong." },
  // Disputes, and a second person
  in_dispute: { zh: "已进入纠纷，由平台裁决。", en: "It is in dispute, and decided there." },
  dispute_not_open: { zh: "没有等待裁决的纠纷。", en: "No dispute waits to be decided." },
  evidence_too_much: { zh: "证据太多了。", en: "There is too much evidence." },
  evidence_missing: { zh: "请先附上证据。", en: "Show it first: evidence is missing." },
  decided_before: {
    zh: "复核要由另一个人来做。",
    en: "Somebody else than who decided first has to look at it again.",
  },
  objection_too_late: { zh: "已过申诉时间。", en: "It is too late to object." },
  objected_before: { zh: "已经申诉过一次。", en: "There was an objection already." },
  nothing_to_object: { zh: "没有可以申诉的决定。", en: "There is nothing to object to." },
  contest_not_open: { zh: "没有等待处理的申诉。", en: "Nothing is contested." },
  contest_too_late: { zh: "已过申诉时间。", en: "It is too late to contest it." },
  contested_before: { zh: "已经申诉过一次。", en: "It was contested before." },
  nothing_to_contest: { zh: "没有可以申诉的内容。", en: "There is nothing to contest." },
  second_person_not_asked: { zh: "不需要第二个人同意。", en: "No second person has to agree." },
  second_person_same: {
    zh: "要由另一个人同意。",
    en: "Somebody else than who wants to give it has to agree.",
  },
  agent_missing: { zh: "还缺第二个人的同意。", en: "A second person has to agree first." },
  budget_spent: { zh: "预算已用完。", en: "The budget is spent." },
  budget_unknown: { zh: "规则里没有这个预算。", en: "The rules set no such budget." },
  // What supervisors and admins set
  agent_unknown: { zh: "没有这位客服。", en: "There is no such agent." },
  agent_differs: { zh: "已有资料不同的同一位客服。", en: "This agent is known with other data." },
  membership_overlaps: {
    zh: "这段时间已在该服务台。",
    en: "They are at this desk in that time already.",
  },
  memberships_too_many: { zh: "同时所在的服务台太多。", en: "They are at too many desks at once." },
  relief_late: { zh: "要在开始前公布。", en: "It has to be published before it starts." },
  relief_running: { zh: "已经开始，不能撤回。", en: "It has started and cannot be taken back." },
  relief_differs: { zh: "同一编号已公布了别的内容。", en: "It was published otherwise before." },
  relief_unknown: { zh: "没有这条顺延公告。", en: "There is no such relief." },
  reliefs_too_many: { zh: "公布的顺延太多。", en: "Too many reliefs run or are announced." },
  valid_from_past: {
    zh: "规则不能追溯，请选以后的时间。",
    en: "Rules never hold backwards. Choose a time to come.",
  },
  valid_from_taken: { zh: "已有规则从那时起生效。", en: "Other rules hold from then." },
  already_in_force: { zh: "这份规则已在生效。", en: "These rules are in force already." },
  already_holds: {
    zh: "已经生效，请公布另一份。",
    en: "They hold already. Publish others instead.",
  },
  planned_too_many: { zh: "待生效的规则太多。", en: "Too many rules are planned." },
  not_announced: { zh: "要先公示。", en: "They have to be announced first." },
  notice_too_short: { zh: "公示的时间不够长。", en: "They were announced for too short a time." },
  not_published: { zh: "没有这样的待生效规则。", en: "No such rules are planned." },
  pack_unknown: { zh: "没有这份规则。", en: "There are no such rules." },
  pack_differs: {
    zh: "这份规则属于别的市场或版本。",
    en: "The rules are another market's, or another version.",
  },
  party_unknown: { zh: "没有这个对象。", en: "There is nobody of this id." },
  party_erased: { zh: "该消费者的信息已删除。", en: "This person's data was erased." },
  legal_hold: { zh: "有法律保全，不能删除。", en: "A legal hold keeps it, so nothing is erased." },
  holds_too_many: { zh: "法律保全太多了。", en: "There are too many legal holds." },
  market_unknown: { zh: "没有这个市场。", en: "There is no such market." },
  login_exists: { zh: "这个用户名已有人用。", en: "Somebody has this name already." },
  password_weak: {
    zh: "密码太简单，请换长一些的。",
    en: "The password is too weak. Take a longer one.",
  },
  timezone_unknown: { zh: "没有这个时区。", en: "There is no such time zone." },
  backtest_running: { zh: "已有一次回测在运行。", en: "A backtest is running already." },
  views_too_many: {
    zh: "保存的视图已满，先删一个。",
    en: "There are as many views as can be. Delete one first.",
  },
  languages_too_many: { zh: "语言太多了。", en: "There are too many languages." },
  translation_off: { zh: "没有开启翻译。", en: "Translation is switched off." },
});

/** What a no of the service means to somebody of the staff, in their language. */
export function problemWords(problem: Problem, language: Language): string {
  const word = (WORDS as Record<string, { zh: string; en: string }>)[problem.code];
  return word?.[language] ?? commonWords(problem, language);
}
