import { inBoth } from "../../shared/words";

export const words = inBoth({
  title: { zh: "登录服务台", en: "Log in to the desk" },
  name: { zh: "用户名或邮箱", en: "Name or e-mail" },
  password: { zh: "密码", en: "Password" },
  show: { zh: "显示或隐藏密码", en: "Show or hide the password" },
  enter: { zh: "登录", en: "Log in" },
  provider: { zh: "单点登录（SSO）", en: "Single sign-on" },
  providerRefused: {
    zh: "单点登录没有成功。请重试；如仍不行，请管理员确认您的账号已开通。",
    en: "Single sign-on did not let you in. Try again, or ask an admin whether you have a log-in here.",
  },
  providerAway: {
    zh: "暂时连不上单点登录，请稍后重试。",
    en: "Single sign-on cannot be reached. Try again in a moment.",
  },
  sandbox: {
    zh: "这是演示环境，数据都是生成的。可以直接以下列身份进入：",
    en: "This is a sandbox with generated data. Look around as:",
  },
  sandboxHelp: { zh: "消费者看到的帮助页", en: "What a consumer sees: their help page" },
  loading: { zh: "正在打开", en: "Opening" },
  over: {
    zh: "登录已过期：内容都在，请重新登录",
    en: "Your session is over: nothing is lost, log in again",
  },
});

/** How one changes one's own password. */
export const passwordWords = inBoth({
  title: { zh: "修改密码", en: "Change my password" },
  about: {
    zh: "在其他设备上的登录会立即退出，这里不受影响。",
    en: "Wherever else you are logged in, you are logged out at once; here you stay.",
  },
  old: { zh: "现在的密码", en: "Current password" },
  wanted: { zh: "新密码", en: "The new password" },
  least: {
    zh: (count: number) => `至少 ${count} 个字符`,
    en: (n: number) => `${n} characters or more`,
  },
  wrong: { zh: "不是现在的密码。", en: "This is not your current password." },
  change: { zh: "修改", en: "Change it" },
  changed: { zh: "密码已修改。", en: "The password is changed." },
  show: { zh: "显示或隐藏密码", en: "Show or hide the password" },
  close: { zh: "关闭", en: "Close" },
});
