// Why somebody says no, objects or decides so: given at the desk and at home, read by consumers.
import type { Language } from "./words";

export const REFUSING = [
  "not_as_claimed",
  "worn",
  "made_to_order",
  "not_ours",
  "out_of_time",
] as const;
export const OBJECTING = ["wrong_decision", "not_as_claimed", "worn", "not_ours"] as const;
export const CONTESTING = ["not_returned", "other_goods", "worn"] as const;
export const DECIDING = ["shown", "not_shown", "both_answerable", "consumer_right"] as const;

export const decisionReasons = {
  not_as_claimed: { zh: "与所述不符", en: "It is not as claimed" },
  worn: { zh: "商品已使用", en: "The goods were used" },
  made_to_order: { zh: "定制商品", en: "Made to order" },
  not_ours: { zh: "非本店商品", en: "Not the shop's goods" },
  out_of_time: { zh: "超过期限", en: "Out of time" },
  wrong_decision: { zh: "裁决与事实不符", en: "The facts are otherwise" },
  not_returned: { zh: "没有收到退货", en: "Nothing came back" },
  other_goods: { zh: "退回的不是原商品", en: "Other goods came back" },
  shown: { zh: "证据充分", en: "The evidence shows it" },
  not_shown: { zh: "证据不足", en: "The evidence does not show it" },
  both_answerable: { zh: "双方都有责任", en: "Both are answerable" },
  consumer_right: { zh: "消费者的权利", en: "The consumer's right" },
} as const;

/** In words; undefined for codes that only whoever gave them knows. */
export function decisionReason(code: string, language: Language): string | undefined {
  const known: Record<string, { zh: string; en: string }> = decisionReasons;
  return known[code]?.[language];
}
