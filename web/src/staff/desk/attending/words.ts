import { inBoth } from "../../../shared/words";

export const words = inBoth({
  consumerWrites: { zh: "消费者正在输入…", en: "The consumer is writing…" },
  looks: {
    zh: (who: string) => `${who}也在看`,
    en: (who: string) => `${who} is looking at it, too`,
  },
  writes: {
    zh: (who: string) => `${who}正在输入…`,
    en: (who: string) => `${who} is writing…`,
  },
  colleague: { zh: "一位同事", en: "A colleague" },
});
