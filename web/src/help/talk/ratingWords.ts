import { inBoth } from "../../shared/words";

export const words = inBoth({
  rate: { zh: "评价这次服务", en: "Rate the service" },
  how: { zh: "这次服务怎么样？", en: "How was the service?" },
  star1: { zh: "1 分，很差", en: "1 of 5, bad" },
  star2: { zh: "2 分，较差", en: "2 of 5, poor" },
  star3: { zh: "3 分，一般", en: "3 of 5, fair" },
  star4: { zh: "4 分，满意", en: "4 of 5, good" },
  star5: { zh: "5 分，非常满意", en: "5 of 5, very good" },
  why: { zh: "为什么？可不选，最多三项", en: "Why? If you like, up to three" },
  send: { zh: "提交评价", en: "Send the rating" },
  rated: {
    zh: (score: string) => `您的评价：${score}`,
    en: (score: string) => `You rated it ${score}`,
  },
  change: { zh: "修改评价", en: "Change the rating" },
  keep: { zh: "不改了", en: "Leave it as it is" },
  goOn: {
    zh: "您说问题没有解决。点“还没有”，我们接着处理，您不用重复说明。",
    en: "You say that it is not solved. “Not yet” goes on with it; you need not repeat anything.",
  },
});
