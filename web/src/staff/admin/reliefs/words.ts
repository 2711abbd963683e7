import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "豁免期", en: "Reliefs" },
  about: {
    zh: "台风、大促、某家快递停运时，让这段时间内到期的承诺顺延。必须提前公布，开始后不能撤回。",
    en: "When there is a storm, a sale or a carrier on strike, promises that are due in a window get longer. It has to be published before it starts, and stays once it has.",
  },
  none: { zh: "没有公布过豁免期。", en: "No relief was published." },
  noneWhy: {
    zh: "承诺按原定时间计算，违约照常赔付。",
    en: "All promises count as they were given, and what is broken is made good.",
  },
  market: { zh: "市场", en: "Market" },
  where: { zh: "地区与快递", en: "Where" },
  everywhere: { zh: "所有地区、所有快递", en: "every region and carrier" },
  region: { zh: "地区代码（可不填）", en: "Code of a region (optional)" },
  carrier: { zh: "快递代码（可不填）", en: "Code of a carrier (optional)" },
  inRegion: { zh: (code: string) => `地区 ${code}`, en: (code: string) => `region ${code}` },
  byCarrier: { zh: (code: string) => `快递 ${code}`, en: (code: string) => `carrier ${code}` },
  span: { zh: "到期在", en: "Due between" },
  longer: { zh: "顺延", en: "Longer by" },
  state: { zh: "状态", en: "State" },
  ahead: { zh: "已公布", en: "announced" },
  running: { zh: "进行中", en: "running" },
  over: { zh: "已结束", en: "over" },
  announced: { zh: (at: string) => `${at} 公布`, en: (at: string) => `announced ${at}` },
  withdraw: { zh: "撤回", en: "Withdraw" },
  withdrawWhat: {
    zh: "它不会开始，承诺按原定时间计算。",
    en: "It does not come, and promises count as they were given.",
  },
  publish: { zh: "公布豁免期", en: "Publish a relief" },
  publishWhat: {
    zh: "在这段时间内到期的承诺都会顺延；多个豁免期取最长的，不叠加。开始之前可以撤回。",
    en: "Promises due within it get longer; of several the longest counts, they never add up. It can be withdrawn until it starts.",
  },
  starts: { zh: "开始", en: "Starts" },
  ends: { zh: "结束", en: "Ends" },
  hours: { zh: "顺延几小时", en: "Longer by so many hours" },
});
