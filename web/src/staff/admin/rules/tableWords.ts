import { inBoth, type Language } from "../../../shared/words";

const TABLES = inBoth({
  skill: { zh: "技能组", en: "Skills" },
  issue: { zh: "问题类型与责任", en: "Issues and who answers for them" },
  clock: { zh: "时限", en: "Clocks" },
  calendar: { zh: "工作日历", en: "Calendars" },
  special_day: { zh: "特殊日期", en: "Special days" },
  calendar_day: { zh: "日历日期", en: "Days of calendars" },
  gate: { zh: "消息把关", en: "The gate" },
  gate_words: { zh: "把关词", en: "What the gate looks for" },
  gate_host: { zh: "允许的链接", en: "Links that may pass" },
  reason: { zh: "售后原因", en: "Reasons" },
  category: { zh: "商品类目", en: "Categories" },
  remedy: { zh: "售后规则", en: "Remedies" },
  return: { zh: "退货", en: "Sending back" },
  compensation: { zh: "赔付", en: "Compensation" },
  compensation_cap: { zh: "赔付上限", en: "Caps of compensation" },
  authority: { zh: "授权额度", en: "Authority" },
  budget: { zh: "预算", en: "Budgets" },
  presale: { zh: "预售", en: "Presales" },
  price_protection: { zh: "价保", en: "Price protection" },
  joining: { zh: "会话归并", en: "Joining" },
  asking: { zh: "等待消费者回复", en: "Asking the consumer" },
  surge: { zh: "进线高峰", en: "Surges" },
  promise: { zh: "履约承诺", en: "Promises" },
  notice: { zh: "公示期", en: "Notice" },
  reminding: { zh: "再次到期", en: "Reminding" },
  retention: { zh: "保存期限", en: "Retention" },
  notifying: { zh: "通知时段", en: "Notifying" },
  reveal: { zh: "查看明文", en: "Revealing" },
  attachment: { zh: "附件", en: "Attachments" },
  rating: { zh: "服务评价", en: "Ratings of the service" },
  settling: { zh: "售后时限", en: "Settling remedies" },
  risk: { zh: "风险", en: "Risk" },
  recovery: { zh: "追偿", en: "Recovery" },
  journey: { zh: "退换货物流", en: "Journeys" },
  dispute: { zh: "争议", en: "Disputes" },
});

const COLUMNS = inBoth({
  value: { zh: "值", en: "value" },
  issue: { zh: "问题", en: "issue" },
  owner: { zh: "处理方", en: "owner" },
  cause: { zh: "原因方", en: "cause" },
  liable: { zh: "责任方", en: "liable" },
  skill: { zh: "技能", en: "skill" },
  priority: { zh: "优先级", en: "priority" },
  decision: { zh: "默认判定", en: "decision" },
  decides_in_surge: { zh: "高峰期直接判定", en: "at once in a surge" },
  desk: { zh: "服务台", en: "desk" },
  clock: { zh: "时钟", en: "clock" },
  seconds: { zh: "时长", en: "time" },
  calendar: { zh: "日历", en: "calendar" },
  warn_seconds: { zh: "提前预警", en: "warning before" },
  on_expiry: { zh: "到期后", en: "then" },
  kind: { zh: "种类", en: "kind" },
  reason: { zh: "原因", en: "reason" },
  stage: { zh: "阶段", en: "stage" },
  granted_by: { zh: "由谁同意", en: "granted by" },
  refusal: { zh: "拒绝原因", en: "refusal" },
  payer: { zh: "出资方", en: "payer" },
  within_days: { zh: "天数内", en: "within days" },
  within_hours: { zh: "小时内", en: "within hours" },
  answer_seconds: { zh: "答复时限", en: "answer within" },
  on_silence: { zh: "超时未处理", en: "silence" },
  category: { zh: "类目", en: "category" },
  speed: { zh: "退款时机", en: "speed" },
  evidence: { zh: "凭证数", en: "evidence" },
  percent: { zh: "百分比", en: "percent" },
  currency: { zh: "币种", en: "currency" },
  role: { zh: "角色", en: "role" },
  hours: { zh: "时段", en: "hours" },
  timezone: { zh: "时区", en: "time zone" },
  monday: { zh: "周一", en: "Mon" },
  tuesday: { zh: "周二", en: "Tue" },
  wednesday: { zh: "周三", en: "Wed" },
  thursday: { zh: "周四", en: "Thu" },
  friday: { zh: "周五", en: "Fri" },
  saturday: { zh: "周六", en: "Sat" },
  sunday: { zh: "周日", en: "Sun" },
  words: { zh: "词语", en: "phrases" },
  fault: { zh: "过错方", en: "fault" },
  breach: { zh: "违约", en: "breach" },
  method: { zh: "方式", en: "method" },
  days: { zh: "天数", en: "days" },
  name: { zh: "名称", en: "name" },
  amount_minor: { zh: "金额（最小单位）", en: "amount, minor units" },
});

/** A table of a rule pack in the reader's words; one that is new keeps the name it is written by. */
export function tableWord(name: string, language: Language): string {
  return (TABLES as Record<string, { zh: string; en: string }>)[name]?.[language] ?? name;
}

export function columnWord(name: string, language: Language): string {
  return (
    (COLUMNS as Record<string, { zh: string; en: string }>)[name]?.[language] ??
    name.replaceAll("_", " ")
  );
}

const UNITS = [
  [86_400, { zh: "天", en: "d" }],
  [3_600, { zh: "小时", en: "h" }],
  [60, { zh: "分钟", en: "min" }],
  [1, { zh: "秒", en: "s" }],
] as const;

/** A length of time in the largest unit that says it exactly: "2 h", "90 s". */
export function spokenSeconds(seconds: number, language: Language): string {
  const [size, unit] =
    UNITS.find(([one]) => Math.abs(seconds) >= one && seconds % one === 0) ?? UNITS[3];
  return `${(seconds / size).toLocaleString(language === "zh" ? "zh-CN" : "en-GB")} ${unit[language]}`;
}

export type Cell = string | number | boolean;

/** A value of a rule as people read it; `about` is its column, or the key of a single value. */
export function cellWord(
  value: Cell | null | undefined,
  about: string,
  language: Language,
): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "✓" : "✗";
  if (typeof value === "number" && /(^|_)seconds(_max)?$/.test(about)) {
    return spokenSeconds(value, language);
  }
  return typeof value === "number"
    ? value.toLocaleString(language === "zh" ? "zh-CN" : "en-GB")
    : value;
}
