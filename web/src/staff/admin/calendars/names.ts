// What the calendars of the packs that come along are called; others as they are written.
import { inBoth, type Language } from "../../../shared/words";

const NAMES = inBoth({
  always: { zh: "全天候", en: "Always" },
  service_hours: { zh: "服务时间", en: "Service hours" },
  office_hours: { zh: "办公时间", en: "Office hours" },
  notify_hours: { zh: "通知时段", en: "Hours for notifications" },
  evidence_hours: { zh: "举证时间", en: "Hours for evidence" },
});

export function calendarName(name: string, language: Language): string {
  const found = (NAMES as Record<string, { zh: string; en: string }>)[name];
  return found ? found[language] : name.replaceAll("_", " ");
}
