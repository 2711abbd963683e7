import { inBoth } from "../../shared/words";

export const words = inBoth({
  title: { zh: "登录工作台", en: "Log in to the desk" },
  name: { zh: "用户名或邮箱", en: "Name or e-mail" },
  password: { zh: "密码", en: "Password" },
  show: { zh: "显示或隐藏密码", en: "Show or hide the password" },
  enter: { zh: "登录", en: "Log in" },
  sandbox: {
    zh: "这是演示环境，数据都是生成的。可以直接以下列身份进入：",
    en: "This is a sandbox with generated data. Look around as:",
  },
  loading: { zh: "正在打开", en: "Opening" },
  over: {
    zh: "登录已过期：内容都在，请重新登录",
    en: "Your session is over: nothing is lost, log in again",
  },
});
