import { inBoth } from "../../../shared/words";

/** Something that is given without being owed. */
export const goodwillWords = inBoth({
  goodwill: { zh: "关怀补偿…", en: "Give goodwill…" },
  amount: { zh: "金额", en: "How much" },
  as: { zh: "形式", en: "As" },
  money: { zh: "钱", en: "Money" },
  coupon: { zh: "优惠券", en: "A coupon" },
  why: { zh: "原因", en: "Why" },
  goesAs: {
    zh: (amount: string, method: string) => `${amount} 发到${method}`,
    en: (amount: string, method: string) => `${amount} as a ${method}`,
  },
  give: {
    zh: (amount: string) => `给消费者 ${amount}`,
    en: (amount: string) => `Give ${amount}`,
  },
  propose: {
    zh: (amount: string) => `提出 ${amount}，请第二人批准`,
    en: (amount: string) => `Ask a second person for ${amount}`,
  },
  giveClock: {
    zh: "立即给，不能撤回；由平台承担。",
    en: "At once, and it cannot be undone. The platform bears it.",
  },
  secondClock: {
    zh: "消费者暂时不会知道；另一位同事批准后才给。",
    en: "The consumer is not told yet; it is given once a colleague stands by it.",
  },
  within: { zh: "在您的授权之内", en: "Within your authority" },
  beyond: {
    zh: (limit: string) => `超出${limit}：需要第二人批准`,
    en: (limit: string) => `Beyond ${limit}: a second person has to stand by it`,
  },
  limit_case: { zh: "您每单的授权", en: "your limit for a case" },
  limit_day: { zh: "您今天的授权", en: "your limit for today" },
  limit_consumer: {
    zh: "这位消费者 30 天内的上限",
    en: "what this consumer may be given in 30 days",
  },
  never: { zh: "不能给自己或关联账号", en: "Nobody gives anything to an account of their own" },
  limit_not_member: { zh: "权限（您不属于平台）", en: "your desk: it is not the platform's" },
  limit_no_authority: { zh: "您的授权（没有授权）", en: "your authority: there is none" },
  budget: {
    zh: (left: string) => `本月预算还剩 ${left}`,
    en: (left: string) => `${left} left in this month's budget`,
  },
  tooLittle: {
    zh: (left: string) => `本月预算只剩 ${left}：要等到预算足够`,
    en: (left: string) =>
      `Only ${left} left in this month's budget: it waits until there is enough`,
  },
  noBudget: { zh: "没有预算限制", en: "No budget limits it" },
});
