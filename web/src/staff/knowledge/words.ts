import { inBoth } from "../../shared/words";

export const words = inBoth({
  pages: { zh: "知识库", en: "Knowledge" },
  articles: { zh: "文章", en: "Articles" },
  macros: { zh: "快捷语", en: "Macros" },
  draft: {
    zh: "有未发布的修改，只保存在这个浏览器里。",
    en: "There are changes that are not published; they are kept in this browser.",
  },
  discard: { zh: "放弃修改", en: "Discard my changes" },
  overtaken: {
    zh: (version: number) => `在您修改期间，第 ${version} 版已发布。`,
    en: (version: number) => `While you were writing, version ${version} was published.`,
  },
  mineOver: {
    zh: (version: number) => `在第 ${version} 版之上保留我的修改`,
    en: (version: number) => `Keep mine, over version ${version}`,
  },
});
