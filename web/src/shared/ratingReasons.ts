import { inBoth, type Language } from "./words";

const REASONS = inBoth({
  quick: { zh: "很快", en: "Quick" },
  kind: { zh: "态度好", en: "Kind" },
  clear: { zh: "说得清楚", en: "Clear" },
  solved: { zh: "解决了问题", en: "Solved it" },
  slow: { zh: "太慢", en: "Slow" },
  unkind: { zh: "态度不好", en: "Unkind" },
  unclear: { zh: "说不清楚", en: "Unclear" },
  had_to_repeat: { zh: "要反复说明", en: "Had to repeat myself" },
  not_solved: { zh: "没解决问题", en: "Not solved" },
});

export type RatingReason = keyof typeof REASONS;

/** Why a consumer found the service so, in words. */
export function ratingReason(reason: RatingReason, language: Language): string {
  return REASONS[reason][language];
}
