import type { Problem } from "../../api/problems";
import { PROBLEMS, problemWords as wordsOf } from "../../shared/problemWords";
import { inBoth, type Language, type Word } from "../../shared/words";

/** What only those who work here may be refused. */
const OWN = inBoth({
  made_to_order: { zh: "定制商品不支持无理由退货。", en: "It was made for the buyer alone." },
  perishable: { zh: "鲜活易腐商品不支持无理由退货。", en: "It does not keep." },
  downloaded: { zh: "已下载的数字商品不支持无理由退货。", en: "It was downloaded." },
  periodical: { zh: "报纸期刊不支持无理由退货。", en: "It is a newspaper or magazine." },
  seal_broken: { zh: "拆封后不支持无理由退货。", en: "Its seal was broken." },
  waived_at_purchase: {
    zh: "购买时已确认不支持无理由退货。",
    en: "It was confirmed when buying that it cannot be sent back without a reason.",
  },
  message_taken_back: {
    zh: "前面的话已撤回，所以没有执行。",
    en: "This was not done, as what you wrote before it was taken back.",
  },
  agent_absent: {
    zh: "接手的人离席，或班次快结束，现在不接新单。",
    en: "Whoever takes it is away, or about to end their shift, and takes no new work now.",
  },
  agent_differs: {
    zh: "该客服已登记过，资料不同。",
    en: "This agent is registered with other data.",
  },
  agent_full: { zh: "该客服手上的工单已满。", en: "This agent has as many cases as they can." },
  agent_missing: { zh: "还没有选第二人。", en: "The second person is missing." },
  agent_unknown: { zh: "没有找到这名客服。", en: "There is no such agent." },
  not_assigned: {
    zh: "这张工单已不在该客服手上。",
    en: "The case is not this agent's any more.",
  },
  not_held: { zh: "这张工单已不在该客服手上。", en: "The case is not this agent's any more." },
  not_member: { zh: "该客服不属于这个服务台。", en: "This agent is no member of the desk." },
  skill_missing: { zh: "该客服没有所需的技能。", en: "This agent lacks the skill for it." },
  language_missing: { zh: "该客服不会这种语言。", en: "This agent does not speak the language." },
  membership_overlaps: {
    zh: "在这段时间已是该服务台的成员。",
    en: "They are a member of this desk in that time already.",
  },
  memberships_too_many: { zh: "所属的服务台太多。", en: "They are a member of too many desks." },
  languages_too_many: {
    zh: "一条消息译成的语言太多。",
    en: "This was translated into too many languages already.",
  },
  case_leaving: { zh: "这张工单正在回到队列。", en: "The case is on its way back to the queue." },
  case_apart: {
    zh: "等待第二人的工单不能合并。",
    en: "A case that waits for a second person cannot be merged.",
  },
  case_barred: {
    zh: "这张工单在等第二人，发起的人自己不能处理。",
    en: "It waits for a second person, who is somebody else than whoever needs one.",
  },
  not_queued: {
    zh: "这张工单已不在该服务台的队列里。",
    en: "The case does not wait in this desk's queue any more.",
  },
  same_desk: { zh: "这张工单已在这个服务台。", en: "The case lies with this desk already." },
  desk_closed: { zh: "这个服务台现在不接单。", en: "This desk takes no work now." },
  desk_unknown: { zh: "没有找到这个服务台。", en: "There is no such desk." },
  desk_differs: { zh: "这个服务台属于另一个市场。", en: "The desk belongs to another market." },
  desk_unrelated: {
    zh: "这个服务台与此无关，不能转过去。",
    en: "This is not about that desk, so it cannot go there.",
  },
  platform_stays_open: { zh: "平台的服务台不能关闭。", en: "The platform's desk stays open." },
  referred_already: { zh: "已经在询问另一个服务台。", en: "Another desk is asked already." },
  not_referred: {
    zh: "这张工单没有询问过别的服务台。",
    en: "No other desk was asked about this.",
  },
  question_limit: {
    zh: "这张工单已等过消费者两次，不能再等。",
    en: "The case has waited for the consumer as often as it may.",
  },
  reason_invalid: { zh: "不能用这个理由退回。", en: "It cannot be returned for that reason." },
  reason_missing: { zh: "还没有写理由。", en: "Say why." },
  reason_not_yours: {
    zh: "这个理由只由规则使用。",
    en: "Only a rule closes a case for that reason.",
  },
  only_consumer_withdraws: {
    zh: "只有消费者本人能撤回。",
    en: "Only the consumer can withdraw it.",
  },
  shares_not_100: {
    zh: "比例加起来要等于 100%。",
    en: "The shares have to add up to 100 percent.",
  },
  shares_not_whole: {
    zh: "比例加起来要等于 100%。",
    en: "The shares have to add up to 100 percent.",
  },
  payer_unknown: { zh: "没有这个承担方。", en: "There is no such payer." },
  card_foreign: {
    zh: "只能展示这个订单的内容。",
    en: "Only what is of this order can be shown here.",
  },
  card_unclear: { zh: "没有选好要展示什么。", en: "It is not clear what is to be shown." },
  mention_unknown: {
    zh: "只能提到能看到这条备注的客服。",
    en: "Only those who may read it can be named.",
  },
  call_to_consumer: {
    zh: "通话记录只能作为备注。",
    en: "A call is noted for those who work here, not for the consumer.",
  },
  recording_invalid: {
    zh: "录音链接要以 https 开头，不带密码。",
    en: "The recording needs an https link without a password.",
  },
  whisper_not_internal: {
    zh: "悄悄话只能是内部备注。",
    en: "A whisper is a note to one's own desk.",
  },
  message_erased: { zh: "消息已被删除。", en: "The message was erased." },
  translation_off: { zh: "没有开通翻译。", en: "Nothing translates here." },
  reveal_suspended: {
    zh: "查看次数过多，已暂停，请班组长解除。",
    en: "Too much was revealed. A supervisor has to lift the alarm.",
  },
  purpose_missing: {
    zh: "还没有说明是为哪个对话或订单。",
    en: "Say for which conversation or order.",
  },
  conversation_missing: { zh: "还没有说明是哪个对话。", en: "Say for which conversation." },
  time_in_past: { zh: "时间已经过了。", en: "That time is over." },
  time_too_far: { zh: "时间太远。", en: "That is too far ahead." },
  time_in_future: { zh: "时间还没到。", en: "That time is yet to come." },
  window_empty: { zh: "结束要晚于开始。", en: "The end has to come after the beginning." },
  second_person_not_asked: {
    zh: "这里不需要第二人。",
    en: "No second person is asked for here.",
  },
  second_person_same: { zh: "第二人不能是本人。", en: "It has to be somebody else." },
  decided_before: {
    zh: "第二人不能是之前作决定的人。",
    en: "It has to be somebody else than who decided first.",
  },
  facts_needed: { zh: "请至少选一项查明的情况。", en: "Say what was found, at least one thing." },
  kind_not_offered: { zh: "不能提出这种方案。", en: "This cannot be offered." },
  contest_not_open: { zh: "现在没有可裁决的申诉。", en: "No contest about this is open." },
  contest_too_late: { zh: "已过申诉时间。", en: "It is too late to contest it." },
  contested_before: { zh: "已经申诉过一次。", en: "It was contested once already." },
  nothing_to_contest: { zh: "没有可申诉的内容。", en: "There is nothing to contest." },
  nothing_to_inspect: { zh: "没有等验货的商品。", en: "Nothing waits to be inspected." },
  quantity_exceeds_returned: { zh: "数量超过了寄回的件数。", en: "There came back fewer of it." },
  goods_not_due: { zh: "没有要寄出的商品。", en: "No goods are to be sent." },
  risk_not_found: { zh: "没有需要解除的风险。", en: "Nothing makes it slower." },
  budget_spent: { zh: "预算已用完。", en: "The budget is spent." },
  budget_unknown: { zh: "没有这项预算。", en: "There is no such budget." },
  creator_unknown: { zh: "这个订单没有达人。", en: "Nobody presented this order." },
  payout_exceeds_escrow: {
    zh: "超过了可结算的金额。",
    en: "That is more than is free to pay out.",
  },
  recovery_unknown: { zh: "没有这笔追偿，或已结清。", en: "There is none, or it is settled." },
  account_unknown: { zh: "没有这个账户的记录。", en: "Nothing is known of this account." },
  party_unknown: { zh: "没有找到该主体。", en: "There is no such party." },
  party_differs: {
    zh: "该主体已登记过，资料不同。",
    en: "This party is registered with other data.",
  },
  legal_hold: {
    zh: "资料被依法保留，不能更改或删除。",
    en: "A legal hold keeps this data as it is.",
  },
  holds_too_many: { zh: "保留的事由太多。", en: "Too many holds stand at once." },
  login_exists: {
    zh: "这个用户名、客服或单点登录标识已经可以登录。",
    en: "This name, agent or single sign-on can log in already.",
  },
  key_made_before: {
    zh: "这把密钥刚才已建立，但没能显示，请吊销它，再建一把。",
    en: "The key was made before, and could not be shown. Revoke it, and make another.",
  },
  password_weak: {
    zh: "密码要有 12 到 200 个字符。",
    en: "A password has 12 to 200 characters.",
  },
  views_too_many: { zh: "保存的视图已满。", en: "No more views can be saved." },
  market_unknown: { zh: "没有这个市场的规则。", en: "No rules hold in this market." },
  timezone_unknown: { zh: "没有这个时区。", en: "There is no such time zone." },
  pack_unknown: { zh: "没有找到这套规则。", en: "There is no such rule pack." },
  pack_differs: {
    zh: "这套规则属于另一个市场或版本。",
    en: "This pack is of another market or version.",
  },
  already_in_force: { zh: "这套规则已经生效。", en: "This pack holds already." },
  already_holds: {
    zh: "已经生效，请发布另一套规则代替。",
    en: "It holds already. Publish another pack instead.",
  },
  not_announced: { zh: "要先公示。", en: "It has to be announced first." },
  not_published: { zh: "没有这项计划。", en: "Nothing of that kind is planned." },
  notice_too_short: {
    zh: "公示时间不够，请选更晚的日子。",
    en: "That is too short a notice. Choose a later day.",
  },
  planned_too_many: { zh: "计划中的规则太多。", en: "Too many packs are planned." },
  valid_from_past: { zh: "规则不能从过去生效。", en: "Rules never change backwards." },
  valid_from_taken: { zh: "那一刻起已有别的规则生效。", en: "Another pack holds from then." },
  backtest_running: {
    zh: "正在回测，请等它结束。",
    en: "A backtest runs already. Wait until it is over.",
  },
  relief_differs: {
    zh: "这个豁免期已公布过，内容不同。",
    en: "This relief was published otherwise.",
  },
  relief_late: { zh: "开始之后不能再公布。", en: "It has to be published before it starts." },
  relief_running: { zh: "已经开始，不能撤回。", en: "It has started, and promises rest on it." },
  relief_unknown: { zh: "没有这个豁免期。", en: "There is no such relief." },
  reliefs_too_many: { zh: "豁免期太多。", en: "Too many reliefs run or are announced." },
  relief_length: { zh: "豁免期的时长不对。", en: "Its length does not fit." },
  webhook_unknown: { zh: "没有这个回调地址。", en: "There is no such endpoint." },
  delivery_unknown: {
    zh: "没有这次投递，或还没结束。",
    en: "There is no such delivery, or it is not over.",
  },
  delivery_over: {
    zh: "这次投递已经结束；要再发，请重放。",
    en: "This delivery is over. To send it again, replay it.",
  },
  webhook_exists: {
    zh: "该服务台已有这个回调地址。",
    en: "The desk has an endpoint at this URL already.",
  },
  webhook_limit: { zh: "回调地址已满。", en: "There can be no more endpoints." },
  webhook_disabled: {
    zh: "回调地址已停用，请先启用。",
    en: "The endpoint is disabled. Enable it first.",
  },
  webhook_changed: {
    zh: "刚刚有人更改过密钥，请再试。",
    en: "Somebody changed the secret just now. Try again.",
  },
  webhook_secret_changed: {
    zh: "运行的设置变了，请先更换密钥。",
    en: "The settings have changed. Change its secret first.",
  },
  webhook_note: {
    zh: "备注要在一行之内，不能太长。",
    en: "The note has to be one line, and not too long.",
  },
  webhook_reason: {
    zh: "理由要在一行之内，不能太长。",
    en: "The reason has to be one line, and not too long.",
  },
  webhook_target: { zh: "这个地址不能调用。", en: "This address cannot be called." },
  webhook_topics_of_platform: {
    zh: "其中有些主题只发给平台的回调地址。",
    en: "Some of these topics go to the platform's endpoints only.",
  },
  webhook_topics: { zh: "没有这些主题。", en: "There are no such topics." },
  webhook_url: {
    zh: "网址要以 https 开头，并能从外面访问。",
    en: "It needs an https address outside of closed networks.",
  },
  replay_what: { zh: "请选择重发哪些。", en: "Say what is to be sent again." },
  scope_missing: { zh: "这个密钥没有这项权限。", en: "This key lacks the scope." },
});

const WORDS: Readonly<Record<string, Word<string>>> = { ...PROBLEMS, ...OWN };

/** What a no of the service means to somebody who works here, in their language. */
export function problemWords(problem: Problem, language: Language): string {
  return wordsOf(problem, language, WORDS);
}

/** Why a preview says that something cannot be; what has no words here, as the service says it. */
export function refusalWords(
  refused: { code?: string | undefined; detail?: string | undefined },
  language: Language,
): string {
  const word = WORDS[refused.code ?? ""];
  return word?.[language] ?? (refused.detail || (refused.code ?? "").replaceAll("_", " "));
}
