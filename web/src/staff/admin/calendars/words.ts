import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "工作日历", en: "Calendars" },
  about: {
    zh: "时限按工作日历计算。这里显示当前规则包里的每一天；修改日历就是发布新的规则包。",
    en: "Clocks are counted on calendars. This is every day as the rules in force have it; to change one, publish another rule pack.",
  },
  calendar: { zh: "日历", en: "Calendar" },
  year: { zh: "年份", en: "Year" },
  next: { zh: "后一年", en: "Next year" },
  previous: { zh: "前一年", en: "Previous year" },
  zone: { zh: "时区", en: "Time zone" },
  workday: { zh: "工作日", en: "workday" },
  rest: { zh: "休息", en: "closed" },
  holiday: { zh: "节假日", en: "holiday" },
  make_up: { zh: "调休上班", en: "make-up workday" },
  other_hours: { zh: "其他时段", en: "other hours" },
  hours: { zh: "时段", en: "hours" },
  closed: { zh: "不开", en: "closed" },
  special: { zh: "与平常不同的日子", en: "Days that differ" },
  noSpecial: {
    zh: "这一年没有与平常不同的日子。",
    en: "No day of this year differs from its week.",
  },
  day: { zh: "日期", en: "Day" },
  kind: { zh: "类型", en: "Kind" },
  source: { zh: "来源", en: "Source" },
  country: { zh: "国家公布的节假日", en: "public holidays of the country" },
  months: { zh: "月历", en: "Months" },
});
