import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "文章", en: "Articles" },
  about: {
    zh: "客服处理问题时查的内容。谁负责、到哪天有效，都写在上面；过期的不再推荐。",
    en: "What agents look up beside a case. Each says who answers for it and until when; what has expired is suggested no more.",
  },
  add: { zh: "写一篇文章", en: "Write an article" },
  find: { zh: "搜索（中文或英文）", en: "Find (in either language)" },
  listing: { zh: "显示", en: "Show" },
  expiring: { zh: "最先到期的在前", en: "What expires first" },
  latest: { zh: "最近修改的在前", en: "What changed last" },
  retired: { zh: "已下架的", en: "What was retired" },
  none: { zh: "还没有文章。", en: "There is no article yet." },
  noneWhy: {
    zh: "写下客服常查的内容：同样的问题，大家的答复就一致了。",
    en: "Write down what agents ask about most, so that the same question gets the same answer.",
  },
  noneFound: { zh: "没有找到。", en: "None was found." },
  noneFoundWhy: {
    zh: "换个词试试；每个词都要出现在同一语言里。",
    en: "Try other words: all of them must stand in one of the languages.",
  },
  expired: { zh: "已过期", en: "expired" },
  expires: { zh: (day: string) => `${day} 到期`, en: (day: string) => `expires ${day}` },
  endless: { zh: "长期有效", en: "without an end" },
  everybody: { zh: "所有服务台", en: "every desk" },
  all_merchant: { zh: "所有商家", en: "all merchants" },
  all_creator: { zh: "所有达人", en: "all creators" },
  byline: {
    zh: (owner: string, version: number) => `${owner} 负责，第 ${version} 版`,
    en: (owner: string, version: number) => `${owner} answers for it, version ${version}`,
  },
  back: { zh: "所有文章", en: "All articles" },
  fresh: { zh: "新文章", en: "A new article" },
  standing: {
    zh: (version: number, at: string, by: string) => `第 ${version} 版，${at} 由 ${by} 发布`,
    en: (version: number, at: string, by: string) => `Version ${version}, published ${at} by ${by}`,
  },
  unseen: {
    zh: "还没有人看到。填写的内容留在这个浏览器里，发布后才生效。",
    en: "Nobody sees it yet. What you write stays in this browser until you publish it.",
  },
  readOnly: {
    zh: "这篇文章由别的服务台负责，您只能阅读。",
    en: "Others answer for this article; you may only read it.",
  },
  isRetired: {
    zh: "已下架，客服搜不到。再次发布即恢复。",
    en: "It was retired: agents find it no more. Published again, it is back.",
  },
  zh: { zh: "中文", en: "Chinese" },
  en: { zh: "英文", en: "English" },
  heading: { zh: (language: string) => `标题（${language}）`, en: (l: string) => `Title (${l})` },
  body: { zh: (language: string) => `正文（${language}）`, en: (l: string) => `Text (${l})` },
  bodyHint: {
    zh: "纯文本：空一行分段，行首“- ”为列表项。",
    en: "Plain text: an empty line ends a paragraph, “- ” begins an item of a list.",
  },
  owner: { zh: "负责人或小组", en: "Who answers for it" },
  issues: { zh: "适用的问题", en: "For cases about" },
  issuesHint: {
    zh: "选了才会在这类问题旁自动推荐。",
    en: "Chosen ones get it suggested beside the case.",
  },
  desks: { zh: "给谁看", en: "For whom" },
  desksHint: { zh: "不选：所有服务台。", en: "None chosen: every desk." },
  desksOwnHint: {
    zh: "至少一个您负责的服务台。",
    en: "At least one of the desks that you supervise.",
  },
  markets: { zh: "适用市场", en: "In which markets" },
  marketsHint: { zh: "如 cn；不填：所有市场。", en: "Like cn; none: in all of them." },
  source: { zh: "来源（可不填）", en: "Where it comes from (optional)" },
  end: { zh: "有效至（含当天，可不填）", en: "Valid through (may be left out)" },
  publish: {
    zh: (version: number) => `发布第 ${version} 版`,
    en: (version: number) => `Publish version ${version}`,
  },
  published: {
    zh: (version: number) => `第 ${version} 版已发布，客服立即可见。`,
    en: (version: number) => `Version ${version} is published: agents see it now.`,
  },
  missing: {
    zh: (what: string) => `还缺：${what}`,
    en: (what: string) => `Still missing: ${what}`,
  },
  retire: { zh: "下架", en: "Retire" },
  retireWhat: {
    zh: "客服将搜不到它，也不再推荐。内容和历史保留，再次发布即恢复。",
    en: "Agents find it no more, and it is suggested no more. What it said is kept; published again, it is back.",
  },
  retiredNow: { zh: "已下架。", en: "It is retired." },
  history: { zh: "历史版本", en: "Versions" },
  version: {
    zh: (version: number, at: string, by: string) => `第 ${version} 版 · ${at} · ${by}`,
    en: (version: number, at: string, by: string) => `Version ${version} · ${at} · ${by}`,
  },
  restart: { zh: "从这一版改起", en: "Go on from this version" },
});
