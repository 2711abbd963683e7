import { inBoth } from "../../shared/words";

/** A dispute in the consumer's words. */
export const disputeWords = inBoth({
  until: {
    zh: (when: string) => `您和商家都可以在 ${when} 前提交凭证。`,
    en: (when: string) => `You and the shop can each show what you have until ${when}.`,
  },
  otherwise: {
    zh: (then: string) => `到时还没有裁决：${then}`,
    en: (then: string) => `If nobody has decided by then: ${then}`,
  },
  thenPlatform: { zh: "之后由平台裁决。", en: "Then the platform decides." },
  then_granted: {
    zh: "到时没有更多凭证，就按您的申请办。",
    en: "If nothing more is said, it is done as you asked.",
  },
  then_in_part: { zh: "维持已给的部分。", en: "It stays at the part that you were given." },
  then_refused: { zh: "维持不同意。", en: "It stays refused." },
  shown: {
    zh: (count: number) => `您已提交 ${count} 份凭证。`,
    en: (count: number) =>
      count === 1 ? "You have shown 1 file." : `You have shown ${count} files.`,
  },
  show: { zh: "作为凭证提交", en: "Show this as evidence" },
  granted: { zh: "支持您", en: "for you" },
  in_part: { zh: "部分支持您", en: "in part" },
  refused: { zh: "不支持", en: "against it" },
  erased: { zh: "（已删除）", en: "(deleted)" },
});
