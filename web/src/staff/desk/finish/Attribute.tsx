import { Select } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { PartyNamed } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { attributionOf } from "../case/attribution";
import { isWhole, type Shared, Shares } from "../context/Shares";
import { useCode } from "../useCode";
import { ActPanel } from "./ActPanel";
import { attributeWords } from "./attributeWords";
import { type ActProps, pathOf } from "./path";
import { useAct } from "./useAct";

const CAUSES = ["merchant", "creator", "carrier", "platform", "consumer", "unknown"] as const;
const REASONS = ["evidence_seen", "told_by_carrier", "told_by_merchant", "our_own_mistake"];
const SHARES_MAX = 4;
type Kind = (typeof CAUSES)[number];

/** Who caused it and who is answerable, as somebody found it, in place of what the rules presume. */
export function Attribute({ conversation, about, story, onClose }: ActProps) {
  const said = useWords(attributeWords);
  const code = useCode();
  const known = attributionOf(story, about.number);
  const parties: Record<Kind, string | null | undefined> = {
    ...{ merchant: conversation.merchant, creator: conversation.creator },
    ...{ carrier: null, platform: null, consumer: null, unknown: null },
  };
  // A merchant or creator that there is not can have done nothing.
  const there = CAUSES.filter((kind) => parties[kind] !== undefined);
  const [cause, setCause] = useState<Kind>(
    there.find((kind) => kind === known?.cause) ?? "unknown",
  );
  const [shared, setShared] = useState<Shared>(known?.liable ?? {});
  const [reason, setReason] = useState(REASONS[0] ?? "");
  const named = (kind: Kind): PartyNamed => ({ kind, id: parties[kind] ?? null });
  const bears = there.filter((kind) => (shared[kind] ?? 0) > 0);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/attribution", {
          params: { path: pathOf(conversation, about), header },
          body: {
            owner: about.owner ?? "platform",
            cause: named(cause),
            liable: bears.map((kind) => ({
              ...{ who: named(kind), percent: shared[kind] ?? 0, reasons: [reason] },
            })),
            reasons: [reason],
          },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel
      name={said.attribute}
      clock={said.attributeClock}
      acting={acting}
      ready={isWhole(shared) && bears.length > 0 && bears.length <= SHARES_MAX}
      onClose={onClose}
    >
      <Select
        size="xs"
        label={said.cause}
        allowDeselect={false}
        data-autofocus
        value={cause}
        data={there.map((value) => ({ value, label: code(value) }))}
        onChange={(wanted) => wanted && setCause(wanted as Kind)}
      />
      <Shares parties={there} shared={shared} onChange={setShared} />
      <Select
        size="xs"
        label={said.why}
        allowDeselect={false}
        value={reason}
        data={REASONS.map((value) => ({ value, label: code(value) }))}
        onChange={(wanted) => wanted && setReason(wanted)}
      />
    </ActPanel>
  );
}
