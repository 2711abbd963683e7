import { inBoth } from "../../shared/words";

export const words = inBoth({
  pages: { zh: "管理页面", en: "Administration" },
  agents: { zh: "客服", en: "Agents" },
  shifts: { zh: "排班", en: "Shifts" },
  desks: { zh: "服务台", en: "Desks" },
  reliefs: { zh: "豁免期", en: "Reliefs" },
  calendars: { zh: "工作日历", en: "Calendars" },
  rules: { zh: "规则包", en: "Rules" },
  keys: { zh: "密钥", en: "Keys" },
  webhooks: { zh: "回调", en: "Webhooks" },
  fund: { zh: "保障基金", en: "Fund" },
  privacy: { zh: "个人信息", en: "Personal data" },
  operations: { zh: "运行", en: "Operations" },
  story: { zh: "经过", en: "Why" },
});
