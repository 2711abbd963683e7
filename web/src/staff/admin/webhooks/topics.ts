import type { NewEndpoint } from "../../../api/schema";

/** What a URL can be told of. */
export const TOPICS = [
  "case.opened",
  "case.transferred",
  "case.taken_over",
  "case.resolved",
  "case.reopened",
  "case.closed",
  "message.posted",
  "consumer.told",
  "call_back.requested",
  "agent.blocks_repeated",
  "agent.reveal_alarm",
  "refund.requested",
  "refund.route_asked",
  "interception.requested",
  "charge.requested",
  "recovery.requested",
  "remedy.funding_delayed",
  "account.debt_aged",
  "account.debt_written_off",
  "coupon.requested",
  "notification.requested",
] as const satisfies readonly Required<NewEndpoint>["topics"][number][];
