import { inBoth, type Language } from "../../shared/words";

const REASONS = inBoth({
  changed_mind: { zh: "我不想要了", en: "I no longer want it" },
  ordered_by_mistake: { zh: "下错单了", en: "I ordered it by mistake" },
  price_drop: { zh: "降价了", en: "It costs less now" },
  late: { zh: "没有按时发货或送达", en: "It is late" },
  not_received: { zh: "没有收到", en: "I do not have it" },
  damaged: { zh: "收到时坏了", en: "It arrived damaged" },
  quality: { zh: "质量有问题", en: "Something is wrong with it" },
  spoiled: { zh: "变质了", en: "It has gone bad" },
  not_as_described: { zh: "和描述不符", en: "It is not as described" },
  wrong_item: { zh: "发错了", en: "It is the wrong thing" },
  missing_part: { zh: "少了东西", en: "Something is missing" },
  counterfeit: { zh: "怀疑是假货", en: "I think it is a fake" },
});

/** Why, in the consumer's own words; undefined for reasons that only a pack of its own has. */
export function reasonWord(reason: string, language: Language): string | undefined {
  return (REASONS as Record<string, { zh: string; en: string }>)[reason]?.[language];
}

const REFUSALS = inBoth({
  too_late: { zh: "申请期限已过。", en: "The time to ask for this is over." },
  not_late_yet: { zh: "还没有超过预计送达的时间。", en: "It is not late yet." },
  nothing_left: {
    zh: "这些商品已经处理过了，没有可再申请的。",
    en: "All of it was dealt with already; nothing is left to ask for.",
  },
  nothing_was_paid: {
    zh: "这些商品没有付过钱，没有可退的。",
    en: "Nothing was paid for it, so there is nothing to give back.",
  },
  remedy_not_offered: {
    zh: "以订单现在的状态，不能这样处理。",
    en: "As the order stands now, this cannot be done.",
  },
  reason_not_accepted: {
    zh: "这个理由不适用于这种处理方式。",
    en: "This is not given for that reason.",
  },
  not_after_another: {
    zh: "已经申请过别的处理，不能再这样处理。",
    en: "Something else was asked for it already.",
  },
  evidence_needed: { zh: "请先附上照片。", en: "Please add pictures first." },
  evidence_missing: { zh: "请先附上照片。", en: "Please add pictures first." },
  made_to_order: { zh: "定制商品不支持无理由退货。", en: "It was made for you alone." },
  perishable: { zh: "鲜活易腐商品不支持无理由退货。", en: "It does not keep." },
  downloaded: { zh: "已下载的数字商品不支持无理由退货。", en: "It was downloaded." },
  periodical: { zh: "报纸期刊不支持无理由退货。", en: "It is a newspaper or magazine." },
  seal_broken: { zh: "拆封后不支持无理由退货。", en: "Its seal was broken." },
  waived_at_purchase: {
    zh: "购买时已确认不支持无理由退货。",
    en: "You confirmed when buying that it cannot be sent back without a reason.",
  },
});

/** Why something cannot be had; undefined for codes that have no words here. */
export function refusalWord(code: string, language: Language): string | undefined {
  return (REFUSALS as Record<string, { zh: string; en: string }>)[code]?.[language];
}
