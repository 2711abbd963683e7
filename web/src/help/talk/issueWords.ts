import { isolated } from "../../shared/plainText";
import { inBoth, type Language } from "../../shared/words";

const WORDS = inBoth({
  late_delivery: { zh: "送达晚了", en: "Late delivery" },
  late_shipping: { zh: "发货晚了", en: "Late shipping" },
  no_movement: { zh: "物流不动", en: "No movement" },
  fake_tracking: { zh: "物流不实", en: "Doubtful tracking" },
  not_coming: { zh: "包裹退回或丢失", en: "Went back or lost" },
  wrong_handover: { zh: "未按要求送达", en: "Wrong hand-over" },
  courier: { zh: "快递问题", en: "Courier" },
  refund: { zh: "退款", en: "Refund" },
  return: { zh: "退货", en: "Return" },
  exchange: { zh: "换货", en: "Exchange" },
  quality: { zh: "质量问题", en: "Quality" },
  missing_part: { zh: "少件", en: "Something is missing" },
  wrong_item: { zh: "发错货", en: "Wrong item" },
  price: { zh: "价格问题", en: "Price" },
  presale: { zh: "预售", en: "Presale" },
  offer: { zh: "直播间承诺", en: "What the live room promised" },
  content: { zh: "视频或直播内容", en: "Video or live session" },
  account: { zh: "账户问题", en: "Account" },
  advice: { zh: "咨询", en: "Question before buying" },
  order_question: { zh: "订单咨询", en: "Question about the order" },
  dispute: { zh: "争议", en: "Dispute" },
  conduct: { zh: "对商家或达人的投诉", en: "Conduct of a shop or creator" },
  safety: { zh: "安全问题", en: "Safety" },
  second_complaint: { zh: "再次投诉", en: "Second complaint" },
  regulator: { zh: "监管投诉", en: "Complaint to the authorities" },
});
const ELSE = { zh: "您的问题", en: "Your question" };

/** What a case is about, as its consumer would say; issues of a pack's own have no name here. */
export function issueWord(issue: string, language: Language): string {
  return ((WORDS as Record<string, { zh: string; en: string }>)[issue] ?? ELSE)[language];
}

const DESKS = inBoth({
  platform: { zh: "平台", en: "the platform" },
  merchant: { zh: "商家", en: "the shop" },
  creator: { zh: "达人", en: "the creator" },
});

type Kind = keyof typeof DESKS;

/** Whose people have it: as they are called in public, else what they are. */
export function deskWord(kind: Kind, name: string | undefined, language: Language): string {
  return name ? isolated(name) : DESKS[kind][language];
}

/** The same, where a sentence begins with it. */
export function deskAtStart(kind: Kind, name: string | undefined, language: Language): string {
  const word = deskWord(kind, name, language);
  return word.charAt(0).toUpperCase() + word.slice(1);
}
