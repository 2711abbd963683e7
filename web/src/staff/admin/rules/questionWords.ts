import { inBoth, type Language } from "../../../shared/words";

const QUESTIONS = inBoth({
  routing: { zh: "分派与责任", en: "Who gets a case, and who is liable" },
  waiting: { zh: "后续时限", en: "Clocks that begin later" },
  promising: { zh: "下单时的承诺", en: "What an order was promised" },
  keeping: { zh: "承诺是否兑现", en: "Whether a promise was kept" },
  remedies: { zh: "售后申请", en: "What was asked to be made good" },
  compensations: { zh: "自动赔付", en: "What a broken promise gives by itself" },
});

/** A kind of decision in the reader's words. */
export function questionWord(name: string, language: Language): string {
  return (QUESTIONS as Record<string, { zh: string; en: string }>)[name]?.[language] ?? name;
}
