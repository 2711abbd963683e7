import { inBoth } from "../../shared/words";

export const words = inBoth({
  pages: { zh: "管理页面", en: "Administration" },
  agents: { zh: "客服", en: "Agents" },
  shifts: { zh: "排班", en: "Shifts" },
  desks: { zh: "工作台", en: "Desks" },
  calendars: { zh: "工作日历", en: "Calendars" },
  rules: { zh: "规则包", en: "Rules" },
  keys: { zh: "密钥", en: "Keys" },
  webhooks: { zh: "回调", en: "Webhooks" },
  story: { zh: "经过", en: "Why" },
});
