import { inBoth } from "./words";

/** Of a page that cannot be shown any more. */
export const failedWords = inBoth({
  failed: { zh: "页面出错了", en: "This page has failed" },
  failedWhy: {
    zh: "这不是您造成的。请重新加载页面；没有发送的消息还在。",
    en: "You did nothing wrong. Load the page again; messages that were not sent are still there.",
  },
  reload: { zh: "重新加载", en: "Load the page again" },
});
