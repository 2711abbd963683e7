import type { Sentence } from "./sentences";

/** The events of an order. */
export const ORDER: Record<string, Sentence> = {
  OrderPlaced: {
    zh: (of) => `下单，时间 ${of.when("placed_at")}。`,
    en: (of) => `The order was placed at ${of.when("placed_at")}.`,
  },
  OrderChanged: { zh: () => "订单已修改。", en: () => "The order was changed." },
  OrderCancelled: { zh: () => "订单取消。", en: () => "The order was cancelled." },
  PartCancelled: {
    zh: (of) => `第 ${of.number("part")} 部分取消。`,
    en: (of) => `Part ${of.number("part")} was cancelled.`,
  },
  ChangeDeclined: {
    zh: (of) => `订单没有接受修改：${of.code("reason")}。`,
    en: (of) => `The order declined the change: ${of.code("reason")}.`,
  },
  ShipmentAnnounced: {
    zh: (of) => `登记了第 ${of.number("part")} 部分的包裹。`,
    en: (of) => `A parcel of part ${of.number("part")} was announced.`,
  },
  TrackingRecorded: {
    zh: (of) => `物流：${of.code("status")}，${of.when("scanned_at")}。`,
    en: (of) => `Tracking: ${of.code("status")}, ${of.when("scanned_at")}.`,
  },
  Shipped: {
    zh: (of) => `已发货，${of.when("shipped_at")}。`,
    en: (of) => `Shipped at ${of.when("shipped_at")}.`,
  },
  ShippingReopened: {
    zh: (of) => `第 ${of.number("part")} 部分其实没有发货。`,
    en: (of) => `Nothing of part ${of.number("part")} was shipped after all.`,
  },
  Delivered: {
    zh: (of) => `已送达，${of.when("delivered_at")}。`,
    en: (of) => `Delivered at ${of.when("delivered_at")}.`,
  },
  DeliveryReopened: {
    zh: (of) => `第 ${of.number("part")} 部分还有包裹在途，尚未全部送达。`,
    en: (of) => `More of part ${of.number("part")} is under way: it was not delivered as a whole.`,
  },
  OfferReopened: {
    zh: (of) => `第 ${of.number("part")} 部分还有包裹在途，拒收的不是全部。`,
    en: (of) => `More of part ${of.number("part")} is under way: what was refused was not all.`,
  },
  PromiseKept: {
    zh: (of) => `承诺兑现：${of.code("kind")}，应在 ${of.when("due_at")} 前。`,
    en: (of) => `A promise was kept: ${of.code("kind")}, due ${of.when("due_at")}.`,
  },
  PromiseBroken: {
    zh: (of) => `违约：${of.code("breach")}，应在 ${of.when("due_at")} 前。`,
    en: (of) => `A promise was broken: ${of.code("breach")}, due ${of.when("due_at")}.`,
  },
  PromiseAmended: {
    zh: (of) =>
      of.text("due_at") ? `消费者同意改为 ${of.when("due_at")}。` : "消费者同意更改承诺。",
    en: (of) =>
      of.text("due_at")
        ? `The consumer agreed to ${of.when("due_at")} instead.`
        : "The consumer agreed to another promise.",
  },
  EstimateMoved: {
    zh: (of) => `预计改为 ${of.when("estimate_at")}。`,
    en: (of) => `It is now expected at ${of.when("estimate_at")}.`,
  },
  ReliefGranted: {
    zh: (of) => `豁免期延长了承诺，改为 ${of.when("due_at")}。`,
    en: (of) => `A published relief gave it more time, until ${of.when("due_at")}.`,
  },
  FinalPriceTold: { zh: () => "告知了尾款。", en: () => "The rest of the presale was told." },
  FinalPaymentReminded: {
    zh: () => "提醒付尾款。",
    en: () => "The consumer was reminded of the rest.",
  },
  FinalPaid: { zh: () => "付了尾款。", en: () => "The rest was paid." },
  PresaleEnded: {
    zh: (of) => `预售结束（${of.code("by")}）。`,
    en: (of) => `The presale ended, by ${of.code("by")}.`,
  },
};
