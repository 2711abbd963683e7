import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "知识", en: "Knowledge" },
  search: { zh: "查找知识", en: "Search the articles" },
  suggested: { zh: "与此工单有关", en: "About this case" },
  found: { zh: "查找结果", en: "Found" },
  noneSuggested: {
    zh: "没有与此问题有关的文章，可以用关键词查找。",
    en: "No article about this issue; search by a word.",
  },
  noneFound: { zh: "没有找到。", en: "Nothing found." },
  loading: { zh: "正在打开", en: "Opening" },
  expired: { zh: "已过期，请勿引用", en: "Expired; do not rely on it" },
  about: {
    zh: (owner: string, version: number) => `${owner} 负责 · 第 ${version} 版`,
    en: (owner: string, version: number) => `kept by ${owner} · version ${version}`,
  },
  until: { zh: (at: string) => `有效至 ${at}`, en: (at: string) => `good until ${at}` },
  source: { zh: (from: string) => `依据：${from}`, en: (from: string) => `Source: ${from}` },
  quote: { zh: "放入草稿", en: "Put into the draft" },
});
