import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { answer, api, newKey, once } from "../../api/client";
import { hasArrived } from "../wish/useWish";

const BASE = "/v1/help/orders/{order}/remedies/{remedy}";

/** What a consumer can say of one remedy with a tap. */
export type Tap =
  | { what: "acceptance" | "declining" | "human" | "withdrawal" }
  | { what: "return-reopening" | "taking-back" }
  | { what: "dispute" | "objection"; reason: string }
  | { what: "return"; shipment: string; evidence: string[] }
  | { what: "evidence"; evidence: string[] }
  | { what: "route"; method: string };

/** Says it; said again because nobody answered, it counts once. */
export function useTap(order: string, remedy: number) {
  const queries = useQueryClient();
  const key = useRef<{ tap: string; key: string }>(undefined);
  return useMutation({
    mutationFn: (tap: Tap) => {
      const name = JSON.stringify(tap);
      if (key.current?.tap !== name) key.current = { tap: name, key: newKey() };
      return answer(send(tap, { path: { order, remedy } }, once(key.current.key)));
    },
    onSuccess: () => {
      key.current = undefined;
      hasArrived(order);
      void queries.invalidateQueries();
    },
  });
}

type Params = { path: { order: string; remedy: number } };

function send(tap: Tap, params: Params, headers: { "Idempotency-Key": string }) {
  const about = { params, headers };
  switch (tap.what) {
    case "acceptance":
      return api.POST(`${BASE}/acceptance`, about);
    case "declining":
      return api.POST(`${BASE}/declining`, about);
    case "human":
      return api.POST(`${BASE}/human`, about);
    case "withdrawal":
      return api.POST(`${BASE}/withdrawal`, about);
    case "return-reopening":
      return api.POST(`${BASE}/return-reopening`, about);
    case "taking-back":
      return api.POST(`${BASE}/taking-back`, about);
    case "dispute":
      return api.POST(`${BASE}/dispute`, { ...about, body: { reason: tap.reason } });
    case "objection":
      return api.POST(`${BASE}/objection`, { ...about, body: { reason: tap.reason } });
    case "evidence":
      return api.POST(`${BASE}/evidence`, { ...about, body: { evidence: tap.evidence } });
    case "route":
      return api.POST(`${BASE}/route`, { ...about, body: { method: tap.method, reference: "" } });
    case "return": {
      const { shipment, evidence } = tap;
      const body = { shipment, evidence, freight_minor: 0, carrier: null };
      return api.POST(`${BASE}/return`, { ...about, body });
    }
  }
}
