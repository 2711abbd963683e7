import type { ToldShape } from "../../../api/schema";
import { inBoth } from "../../../shared/words";
import type { About } from "./sentences";

const ROLES = inBoth({
  consumer: { zh: "消费者", en: "The consumer" },
  agent: { zh: "客服", en: "Agent" },
  admin: { zh: "管理员", en: "Admin" },
  marketplace: { zh: "商城系统", en: "The marketplace" },
  system: { zh: "自动", en: "By itself" },
});

/** Who did it: an agent by name where it is known, everybody else by what they are. */
export function actorWord(item: ToldShape, about: About): string {
  const role = (ROLES as Record<string, { zh: string; en: string }>)[item.by]?.[about.language];
  const name = item.who && item.by !== "consumer" ? about.names.get(item.who) : undefined;
  return [role ?? item.by, name].filter(Boolean).join(" ");
}
