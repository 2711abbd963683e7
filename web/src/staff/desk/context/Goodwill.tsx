import { Button, Group, NumberInput, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { ConversationShape, PreviewShape, WishShape } from "../../../api/schema";
import { minorDigits, money } from "../../../shared/format";
import { type Spoken, useColon, useLanguage, useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { refusalWords } from "../../shell/problemWords";
import type { Case } from "../case/openCase";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { useCommand } from "../keys/commands";
import { useCode } from "../useCode";
import { goodwillWords } from "./goodwillWords";
import type { OrderFile } from "./useOrder";
import { wishOf } from "./usePreview";
import { words } from "./words";

const REASONS = ["apology", "long_wait", "repeated_trouble", "loyal_customer"] as const;
const COUPON = "coupon";
const METHODS = ["", COUPON] as const;

/** The one limit beyond which no second person helps. */
const OWN = "own_account";

type Props = { file: OrderFile; conversation: ConversationShape; about: Case };

/** Something that is not owed: how much and why, what it comes up against, and then it is given. */
export function Goodwill(props: Props) {
  const said = useWords(goodwillWords);
  const [open, setOpen] = useState(false);
  useCommand({ id: "goodwill", name: said.goodwill, letter: "g", run: () => setOpen(true) });
  if (open) return <Giving {...props} onClose={() => setOpen(false)} />;
  return (
    <Group>
      <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
        {said.goodwill}
      </Button>
    </Group>
  );
}

function Giving({ file, conversation, about, onClose }: Props & { onClose: () => void }) {
  const said = useWords(goodwillWords);
  const { language } = useLanguage();
  const code = useCode();
  const { currency } = file.remedies;
  const digits = minorDigits(currency);
  const [typed, setTyped] = useState<string | number>("");
  const [reason, setReason] = useState<string>(REASONS[0]);
  const [method, setMethod] = useState<string>("");
  const minor = Math.round(Number(typed) * 10 ** digits) || 0;
  const path = { consumer: file.order.consumer, order: file.order.id };
  const wish: WishShape = {
    ...wishOf(file.choices.part, { kind: "compensation", reason }),
    ...{ amount_minor: minor, currency, method },
  };
  const belongs = { conversation: conversation.id, case: about.number };
  const { data: preview, error } = useQuery({
    queryKey: ["desk", "goodwill", path, belongs, file.remedies.version, wish],
    enabled: minor > 0,
    queryFn: () =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/preview", {
          params: { path },
          body: { ...wish, goodwill: true, case: belongs },
        }),
      ),
  });
  const body = {
    ...{ wish, expected_minor: preview?.amount_minor ?? 0, case: belongs },
    ...{ evidence: [], address: null, human: false },
  };
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/goodwill", { params: { path, header }, body }),
      ),
    onClose,
    { name: `goodwill/${file.order.id}`, what: body },
  );
  const amount = money(minor, currency, language);
  const limit = preview?.goodwill?.limit;
  const second = Boolean(limit) && limit !== OWN;
  return (
    <ActPanel
      name={(second ? said.propose : said.give)(minor ? amount : "")}
      clock={second ? said.secondClock : said.giveClock}
      acting={acting}
      ready={minor > 0 && preview?.possible === true && limit !== OWN}
      onClose={onClose}
    >
      <Group gap="xs" grow>
        <NumberInput
          size="xs"
          label={said.amount}
          data-autofocus
          min={0}
          decimalScale={digits}
          hideControls
          value={typed}
          onChange={setTyped}
        />
        <Select
          size="xs"
          label={said.as}
          allowDeselect={false}
          value={method}
          data={METHODS.map((value) => ({
            value,
            label: value ? said.coupon : said.money,
          }))}
          onChange={(wanted) => wanted !== null && setMethod(wanted)}
        />
      </Group>
      <Select
        size="xs"
        label={said.why}
        allowDeselect={false}
        value={reason}
        data={REASONS.map((value) => ({ value, label: code(value) }))}
        onChange={(wanted) => wanted && setReason(wanted)}
      />
      {error && <ProblemNote error={error} />}
      <div role="status">
        {preview && <ComesTo preview={preview} currency={currency} minor={minor} />}
      </div>
    </ActPanel>
  );
}

type ComesToProps = { preview: PreviewShape; currency: string; minor: number };

/** To whom it goes, who bears it, and whether the giver's authority and the budget are enough. */
function ComesTo({ preview, currency, minor }: ComesToProps) {
  const said = useWords(goodwillWords);
  const plain = useWords(words);
  const { language } = useLanguage();
  const colon = useColon();
  const code = useCode();
  const shown = (value: number) => money(value, currency, language);
  if (!preview.possible) {
    return (
      <Text size="sm">
        {plain.impossible}
        {colon}
        {refusalWords(preview, language)}
      </Text>
    );
  }
  const { limit, budget_minor: budget } = preview.goodwill ?? {};
  const lines = [
    ...(preview.routes ?? []).map((one) =>
      (one.method === COUPON ? said.goesAs : plain.goesTo)(
        shown(one.amount_minor),
        code(one.method),
      ),
    ),
    ...(preview.bearers ?? []).map((one) => plain.paidBy(code(one.payer))),
    limit ? limitWord(limit, said) : said.within,
    budget === null || budget === undefined
      ? said.noBudget
      : (budget < minor ? said.tooLittle : said.budget)(shown(budget)),
  ];
  return (
    <>
      {lines.map((line) => (
        <Text key={line} size="xs">
          {line}
        </Text>
      ))}
    </>
  );
}

function limitWord(limit: string, said: Spoken<typeof goodwillWords>): string {
  if (limit === OWN) return said.never;
  const known = (said as Record<string, unknown>)[`limit_${limit}`];
  return said.beyond(typeof known === "string" ? known : limit);
}
