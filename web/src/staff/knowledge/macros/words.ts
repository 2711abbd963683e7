import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "快捷语", en: "Macros" },
  about: {
    zh: "客服在工单里按“/”插入的话。变量会换成该工单的实际内容；缺一个，整句就不会插入。",
    en: "What agents insert in a case by “/”. Variables become the facts of that case; where one is missing, nothing is inserted.",
  },
  add: { zh: "写一条快捷语", en: "Write a macro" },
  find: { zh: "搜索", en: "Find" },
  none: { zh: "这个服务台还没有快捷语。", en: "This desk has no macro yet." },
  noneWhy: {
    zh: "把最常发的几句写下来，客服就不用每次打字，也不会填错金额和时间。",
    en: "Write down what is sent most often: nobody types it again, nor gets an amount or a day wrong.",
  },
  noneFound: { zh: "没有找到。", en: "None was found." },
  back: { zh: "所有快捷语", en: "All macros" },
  fresh: { zh: "新快捷语", en: "A new macro" },
  gone: { zh: "没有这条快捷语", en: "There is no such macro" },
  goneWhy: {
    zh: "可能已下架，或属于别的服务台。",
    en: "It may have been retired, or belong to another desk.",
  },
  unseen: {
    zh: "还没有人能用。填写的内容留在这个浏览器里，发布后才生效。",
    en: "Nobody can use it yet. What you write stays in this browser until you publish it.",
  },
  standing: {
    zh: (version: number, at: string, by: string) => `第 ${version} 版，${at} 由 ${by} 发布`,
    en: (version: number, at: string, by: string) => `Version ${version}, published ${at} by ${by}`,
  },
  name: { zh: "名称", en: "Name" },
  zh: { zh: "中文", en: "Chinese" },
  en: { zh: "英文", en: "English" },
  text: { zh: (language: string) => `内容（${language}）`, en: (l: string) => `Text (${l})` },
  insert: {
    zh: (language: string) => `插入变量（${language}）`,
    en: (language: string) => `Insert a variable (${language})`,
  },
  issues: { zh: "适用的问题", en: "For cases about" },
  issuesHint: {
    zh: "在这类工单里排在前面。",
    en: "In cases about these it comes first.",
  },
  missing: {
    zh: (what: string) => `还缺：${what}`,
    en: (what: string) => `Still missing: ${what}`,
  },
  publish: {
    zh: (version: number) => `发布第 ${version} 版`,
    en: (version: number) => `Publish version ${version}`,
  },
  published: {
    zh: (version: number) => `第 ${version} 版已发布，客服立即可用。`,
    en: (version: number) => `Version ${version} is published: agents can use it now.`,
  },
  retire: { zh: "下架", en: "Retire" },
  retireWhat: {
    zh: "客服将不能再插入它。再次发布即恢复。",
    en: "Agents cannot insert it any more. Published again, it is back.",
  },
  retiredNow: { zh: "已下架。", en: "It is retired." },
  preview: { zh: "预览", en: "Preview" },
  sample: { zh: "用哪个工单预览", en: "With which case" },
  noSample: { zh: "不用工单，只显示变量名", en: "None: variables by their names" },
  sampleNone: {
    zh: "这个服务台现在没有处理中的工单；变量按名称显示。",
    en: "This desk has no open case right now; variables are shown by their names.",
  },
  reads: { zh: (language: string) => `${language}：`, en: (language: string) => `${language}:` },
  lacks: {
    zh: (what: string) => `这个工单里不会插入，缺少：${what}`,
    en: (what: string) => `In this case it would not be inserted. Missing: ${what}`,
  },
  nothingYet: { zh: "还没有内容。", en: "There is no text yet." },
  unknown: {
    zh: (name: string) => `没有这个变量：{${name}}`,
    en: (name: string) => `There is no such variable: {${name}}`,
  },
  brace: {
    zh: "单独的花括号要写两遍：{{ 或 }}。",
    en: "A brace that means itself is written twice: {{ or }}.",
  },
});
