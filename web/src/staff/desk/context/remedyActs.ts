import type { MessageShape, RemedyShape } from "../../../api/schema";
import type { OrderFile } from "./useOrder";

/** What every panel about a remedy gets. */
export type RemedyProps = {
  remedy: RemedyShape;
  file: OrderFile;
  messages: readonly MessageShape[];
  onClose: () => void;
};

export type RemedyAct =
  | ("approve" | "decline" | "decide" | "grant" | "refuse" | "offer")
  | ("showEvidence" | "objectTo" | "contest" | "decideContest");

/** What an agent of these desks may try; the service has the last word. */
export function actsOf(remedy: RemedyShape, desks: readonly string[]): readonly RemedyAct[] {
  const { approval, dispute } = remedy;
  const platform = desks.includes("platform");
  const merchant = desks.some((one) => one.startsWith("merchant:"));
  const ours = Boolean(remedy.desk && desks.includes(remedy.desk));
  const contested = remedy.journey?.contest === "open";
  const disputed = Boolean(dispute?.due_at);
  // While somebody's authority is asked, only a second person has anything to say.
  const free = !runs(remedy, "authority");
  const asked = ours && free && remedy.status === "requested";
  const second = Boolean(approval?.desk && desks.includes(approval.desk) && !approval.barred);
  const rules: [RemedyAct, boolean][] = [
    ["approve", second],
    ["decline", second],
    ["decide", platform && disputed && free && !dispute?.decided_before],
    ["grant", asked && !(disputed && remedy.desk === "platform")],
    ["refuse", asked && !disputed],
    ["offer", asked && !disputed && !remedy.counter_offer],
    ["showEvidence", merchant && disputed],
    ["objectTo", merchant && canObject(remedy)],
    ["contest", merchant && Boolean(remedy.contestable)],
    ["decideContest", platform && free && contested && !remedy.granted_before],
  ];
  return rules.flatMap(([act, may]) => (may ? [act] : []));
}

export function runs(remedy: RemedyShape, kind: string): boolean {
  return dueAt(remedy, kind) !== undefined;
}

/** When that clock of it runs out; undefined: it does not run. */
export function dueAt(remedy: RemedyShape, kind: string): string | undefined {
  return remedy.clocks?.find((one) => one.kind === kind)?.due_at;
}

/** Where it is among the service's paths. */
export function remedyPath(remedy: RemedyShape, { order }: OrderFile) {
  return { consumer: order.consumer, order: order.id, remedy: remedy.number };
}

function canObject({ dispute, ...remedy }: RemedyShape): boolean {
  if (!dispute?.outcome || dispute.outcome === "refused" || dispute.objected) return false;
  return runs(remedy, "objection");
}
