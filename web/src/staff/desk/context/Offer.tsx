import { Group, NumberInput, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { minorDigits, money, time } from "../../../shared/format";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { refusalWords } from "../../shell/problemWords";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { useCode } from "../useCode";
import { answerWords } from "./answerWords";
import { OfferedItems, useReplacements } from "./OfferedItems";
import { type Offered, offeredWish, partOf } from "./offered";
import { type RemedyProps, remedyPath } from "./remedyActs";
import { words } from "./words";

const KINDS = ["refund", "return_and_refund", "exchange", "resend", "repair"] as const;
const MONEY: readonly string[] = ["refund", "return_and_refund"];
const NOTHING: Offered = { kind: "refund", quantities: {}, instead: {} };

/** Something else than what was asked for: what it comes to is seen before it is offered. */
export function Offer({ remedy, file, onClose }: RemedyProps) {
  const said = useWords(answerWords);
  const plain = useWords(words);
  const colon = useColon();
  const { language } = useLanguage();
  const code = useCode();
  const { currency } = file.remedies;
  const digits = minorDigits(currency);
  const [offered, setOffered] = useState<Offered>(NOTHING);
  const [amount, setAmount] = useState<string | number>("");
  const { kind } = offered;
  const inMoney = MONEY.includes(kind);
  const exchanged = kind === "exchange";
  const { data: replaceable } = useReplacements(file, partOf(remedy), exchanged);
  // Nothing filled in is all of it.
  const minor = inMoney && amount !== "" ? Math.round(Number(amount) * 10 ** digits) || 0 : null;
  const items = replaceable?.items ?? [];
  const wish = offeredWish({ remedy, offered, minor, currency, items });
  const some = (wish.lines?.length ?? 0) > 0 && (minor === null || minor > 0);
  const path = remedyPath(remedy, file);
  const { data: preview, error } = useQuery({
    queryKey: ["desk", "offer", path, file.remedies.version, wish],
    enabled: some,
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
  const gives = preview?.possible ? (preview.amount_minor ?? 0) : 0;
  const shown = (value: number) => money(value, currency, language);
  return (
    <ActPanel
      name={said.offerNow(code(kind), gives > 0 ? shown(gives) : "")}
      clock={said.offerClock}
      acting={acting}
      ready={some && preview?.possible === true}
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
          onChange={(wanted) => wanted && setOffered({ ...offered, kind: wanted })}
        />
        {inMoney && (
          <NumberInput
            size="xs"
            label={said.offerAmount}
            min={0}
            decimalScale={digits}
            hideControls
            value={amount}
            onChange={setAmount}
          />
        )}
      </Group>
      <OfferedItems
        remedy={remedy}
        file={file}
        exchanged={exchanged}
        offered={offered}
        onChange={setOffered}
      />
      {error && <ProblemNote error={error} />}
      <Text size="sm" role="status">
        {preview &&
          !preview.possible &&
          `${plain.impossible}${colon}${refusalWords(preview, language)}`}
        {preview?.possible &&
          [
            gives > 0 ? shown(gives) : code(kind),
            ...(preview.bearers ?? []).map((one) => plain.paidBy(code(one.payer))),
            ...(preview.stands_until
              ? [said.offerUntil(time(preview.stands_until, language))]
              : []),
          ].join(" · ")}
      </Text>
    </ActPanel>
  );
}
