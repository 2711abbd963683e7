import { inBoth } from "../../shared/words";

export const words = inBoth({
  skip: { zh: "跳到内容", en: "Skip to the content" },
  places: { zh: "页面", en: "Pages" },
  desk: { zh: "服务台", en: "Desk" },
  views: { zh: "视图", en: "Views" },
  supervisor: { zh: "班组长", en: "Supervisor" },
  knowledge: { zh: "知识库", en: "Knowledge" },
  flags: { zh: "待复核", en: "Flagged" },
  insight: { zh: "洞察", en: "Insight" },
  webhooks: { zh: "回调", en: "Webhooks" },
  admin: { zh: "管理", en: "Administration" },
  sandbox: {
    zh: "演示环境：数据都是生成的，结束后全部删除。",
    en: "A sandbox: all data is generated, and gone when it ends.",
  },
  home: { zh: "首页", en: "Home" },
  statement: { zh: "对账单", en: "Statement" },
  language: { zh: "语言", en: "Language" },
  scheme: { zh: "切换深色或浅色", en: "Switch light and dark" },
  menu: { zh: "菜单", en: "Menu" },
  nothing: { zh: "这里没有页面", en: "There is no page here" },
  nothingWhy: {
    zh: "地址可能有误，或您没有权限查看。",
    en: "The address may be wrong, or the page is not for you.",
  },
  back: { zh: "回到服务台", en: "Back to the desk" },
});

/** What the menu of whoever is logged in says. */
export const accountWords = inBoth({
  account: { zh: "我", en: "Me" },
  running: { zh: "系统管理员", en: "Runs the system" },
  desks: { zh: (count: number) => `${count} 个服务台`, en: (count: number) => `${count} desks` },
  moreDesks: { zh: (count: number) => `另 ${count} 个`, en: (count: number) => `${count} more` },
  password: { zh: "修改密码", en: "Change my password" },
  leave: { zh: "退出", en: "Log out" },
  stillIn: {
    zh: "没有退出成功，您仍处于登录状态，请再试。",
    en: "This did not work: you are still logged in. Please try again.",
  },
});

export const unsentWords = inBoth({
  notSent: {
    zh: (number: number) => `工单 #${number} 中的消息未发送`,
    en: (number: number) => `A message in case #${number} was not sent`,
  },
  look: { zh: "去看看", en: "Look at it" },
  close: { zh: "关闭", en: "Close" },
});
