import { Group, NumberInput, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { WishShape } from "../../../api/schema";
import { minorDigits, money, time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { useCode } from "../useCode";
import { answerWords } from "./answerWords";
import { type RemedyProps, remedyPath } from "./remedyActs";
import { wishOf } from "./usePreview";
import { words } from "./words";

const KINDS = ["refund", "return_and_refund", "exchange", "resend", "repair"] as const;
type Kind = (typeof KINDS)[number];

/** Something else than what was asked for: what it comes to is seen before it is offered. */
export function Offer({ remedy, file, onClose }: RemedyProps) {
  const said = useWords(answerWords);
  const plain = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  const { currency } = file.remedies;
  const digits = minorDigits(currency);
  const [kind, setKind] = useState<Kind>("refund");
  const [amount, setAmount] = useState<number | null>(null);
  const minor = kind === "refund" && amount ? Math.round(amount * 10 ** digits) : null;
  const wish: WishShape = {
    ...wishOf(file.choices.part, { kind, reason: remedy.reason }),
    ...(minor === null ? {} : { amount_minor: minor, currency }),
  };
  const path = remedyPath(remedy, file);
  const { data: preview, error } = useQuery({
    queryKey: ["desk", "offer", path, file.remedies.version, wish],
    queryFn: () =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/counter-offer/preview", {
          params: { path },
          body: wish,
        }),
      ),
  });
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/counter-offer", {
          params: { path, header },
          body: { wish, expected_minor: preview?.amount_minor ?? 0 },
        }),
      ),
    onClose,
  );
  const shown = (value: number) => money(value, currency, language);
  return (
    <ActPanel
      name={said.offerNow(code(kind), preview?.possible ? shown(preview.amount_minor ?? 0) : "")}
      clock={said.offerClock}
      acting={acting}
      ready={preview?.possible === true}
      onClose={onClose}
    >
      <Group gap="xs" grow>
        <Select
          size="xs"
          label={said.offerWhat}
          allowDeselect={false}
          data-autofocus
          value={kind}
          data={KINDS.map((value) => ({ value, label: code(value) }))}
          onChange={(wanted) => wanted && setKind(wanted)}
        />
        {kind === "refund" && (
          <NumberInput
            size="xs"
            label={said.offerAmount}
            min={0}
            decimalScale={digits}
            hideControls
            value={amount ?? ""}
            onChange={(typed) => setAmount(typeof typed === "number" ? typed : null)}
          />
        )}
      </Group>
      {error && <ProblemNote error={error} />}
      <Text size="sm" role="status">
        {preview &&
          !preview.possible &&
          `${plain.impossible}: ${preview.detail || code(preview.code ?? "")}`}
        {preview?.possible &&
          [
            shown(preview.amount_minor ?? 0),
            ...(preview.bearers ?? []).map((one) => plain.paidBy(code(one.payer))),
            ...(preview.stands_until
              ? [said.offerUntil(time(preview.stands_until, language))]
              : []),
          ].join(" · ")}
      </Text>
    </ActPanel>
  );
}
