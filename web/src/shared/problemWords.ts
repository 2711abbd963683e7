import type { Problem } from "../api/problems";
import { inBoth, type Language } from "./words";

const WORDS = inBoth({
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
  case_closed: { zh: "该问题已关闭。", en: "This case is closed." },
  case_resolved: { zh: "该问题已解决。", en: "This case is resolved." },
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
  nothing_left: {
    zh: "另一项售后已经给过，没有可再给的了。",
    en: "Another remedy has been given for it; nothing is left to give.",
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
    zh: "这是最后一个可登录的管理员，不能停用。",
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
    en: "A file is there no more: choose it again.",
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
});

const ELSE = inBoth({
  passes: { zh: "服务暂时不可用，请稍后再试。", en: "The service is busy. Try again in a moment." },
  refused: {
    zh: (why: string) => `没有办成（${why}）。`,
    en: (why: string) => `This was not done (${why}).`,
  },
});

/** What a no of the service means to whoever asked, in their language. */
export function problemWords(problem: Problem, language: Language): string {
  const word = (WORDS as Record<string, { zh: string; en: string }>)[problem.code];
  if (word) return word[language];
  if (problem.passes) return ELSE.passes[language];
  return ELSE.refused[language](problem.detail || problem.code);
}
