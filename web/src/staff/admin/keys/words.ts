import { inBoth } from "../../../shared/words";

export const words = inBoth({
  title: { zh: "密钥", en: "Keys" },
  about: {
    zh: "商城系统用 API 密钥进入；同名的密钥是同一个客户端。我们只保存哈希。",
    en: "The marketplace's back end comes in by API keys; those of one name are the same client. We keep only hashes.",
  },
  none: { zh: "还没有密钥。", en: "There is no key yet." },
  noneWhy: {
    zh: "为每个系统建一个，只给它需要的权限。",
    en: "Make one for each machine, with only the rights that it needs.",
  },
  name: { zh: "名称", en: "Name" },
  scopes: { zh: "权限", en: "Rights" },
  made: { zh: "建立", en: "Made" },
  used: { zh: "最近使用", en: "Last used" },
  never: { zh: "从未", en: "never" },
  expires: { zh: "到期", en: "Expires" },
  state: { zh: "状态", en: "State" },
  valid: { zh: "有效", en: "valid" },
  revoked: { zh: "已吊销", en: "revoked" },
  expired: { zh: "已过期", en: "expired" },
  add: { zh: "新建密钥", en: "Make a key" },
  addWhat: {
    zh: "密钥只显示一次。",
    en: "The key is shown once.",
  },
  shown: { zh: (name: string) => `${name} 的密钥`, en: (name: string) => `The key of ${name}` },
  end: { zh: "到期日（可不填）", en: "Expires on (may be left out)" },
  revoke: { zh: "吊销", en: "Revoke" },
  revokeWhat: {
    zh: (name: string) => `${name} 的这把密钥五秒内失效，不能恢复。先换上新的再吊销。`,
    en: (name: string) =>
      `This key of ${name} is good for nothing within five seconds, for ever. Put another in its place first.`,
  },
  signing: { zh: "签名公钥", en: "Signing keys" },
  signingAbout: {
    zh: "商城系统用它们签发消费者的身份令牌。",
    en: "By these the marketplace signs who a consumer is.",
  },
  noSigning: {
    zh: "没有签名公钥，消费者还不能进入帮助页。",
    en: "There is none, so no consumer can come to the help page yet.",
  },
  fingerprint: { zh: "算法与指纹", en: "Algorithm and fingerprint" },
  noFingerprint: {
    zh: "共享密钥没有指纹",
    en: "a shared secret has none",
  },
  addSigning: { zh: "登记签名公钥", en: "Register a signing key" },
  addSigningWhat: {
    zh: "登记后，用它签发的令牌五秒内生效。密钥本身不再显示，只显示公钥的指纹。",
    en: "Tokens that are signed with it count within five seconds. The key itself is never shown again, only a public key's fingerprint.",
  },
  keyId: { zh: "编号（令牌里的 kid）", en: "Its id (`kid` in the tokens)" },
  keyIdHint: {
    zh: "字母、数字和 . _ -；用过的不能再用。",
    en: "Letters, digits and . _ -; one that was used before cannot be used again.",
  },
  issuerHint: { zh: "令牌里的 iss", en: "`iss` in the tokens" },
  publicKey: { zh: "公钥（PEM 或 JWK）", en: "The public key, as PEM or JWK" },
  publicKeyHint: {
    zh: "误贴私钥时，只保留其中的公钥。",
    en: "Of a private key only the public part would be kept; do not send it.",
  },
  sharedSecret: { zh: "共享密钥", en: "The shared secret" },
  sharedSecretHint: { zh: "至少 32 字节。", en: "At least 32 bytes." },
  retire: { zh: "停用", en: "Retire" },
  retired: { zh: "已停用", en: "retired" },
  retireWhat: {
    zh: (name: string) =>
      `用 ${name} 签发的令牌五秒内失效，不能恢复；已进入的消费者不受影响。先换上新的再停用。`,
    en: (name: string) =>
      `Tokens signed with ${name} are good for nothing within five seconds, for ever; consumers who came in with one stay. Put another in its place first.`,
  },
  issuer: { zh: "签发方", en: "Issuer" },
  algorithm: { zh: "算法", en: "Algorithm" },
});
