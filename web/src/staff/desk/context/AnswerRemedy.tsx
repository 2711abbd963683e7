import { Button, Group, Select } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { RemedyShape } from "../../../api/schema";
import { money } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { useCode } from "../useCode";
import type { OrderFile } from "./useOrder";
import { words } from "./words";

const REASONS = ["not_as_claimed", "used", "not_ours", "out_of_time"];

type Props = { remedy: RemedyShape; file: OrderFile };

/** Yes or no to a wish that waits for one of this agent's desks. */
export function AnswerRemedy({ remedy, file }: Props) {
  const said = useWords(words);
  const { desks } = useSession();
  const [chosen, setChosen] = useState<"grant" | "refuse" | "approve" | null>(null);
  const second = (remedy.clocks ?? []).some((one) => one.kind === "authority");
  const asked = remedy.desk && desks.includes(remedy.desk) && remedy.status === "requested";
  if (!asked) return null;
  const close = () => setChosen(null);
  if (chosen === "refuse") return <Refuse remedy={remedy} file={file} onClose={close} />;
  if (chosen) return <Agree remedy={remedy} file={file} second={second} onClose={close} />;
  return (
    <Group gap="xs">
      {second ? (
        <Button size="compact-xs" onClick={() => setChosen("approve")}>
          {said.approve}
        </Button>
      ) : (
        <>
          <Button size="compact-xs" onClick={() => setChosen("grant")}>
            {said.grant}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setChosen("refuse")}>
            {said.refuse}
          </Button>
        </>
      )}
    </Group>
  );
}

type AnswerProps = Props & { onClose: () => void };

function Agree({ remedy, file, second, onClose }: AnswerProps & { second: boolean }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  const params = pathOf(remedy, file);
  const acting = useAct((header) => {
    const about = { params: { ...params, header } };
    return second
      ? answer(
          api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/second-approval", about),
        )
      : answer(api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/grant", about));
  }, onClose);
  const amount = money(remedy.amount_minor, file.remedies.currency, language);
  return (
    <ActPanel
      name={`${second ? said.approve : said.grant}: ${code(remedy.kind)} ${amount}`}
      clock={said.confirmKeys}
      acting={acting}
      onClose={onClose}
    />
  );
}

function Refuse({ remedy, file, onClose }: AnswerProps) {
  const said = useWords(words);
  const code = useCode();
  const [reason, setReason] = useState(REASONS[0] ?? "");
  const params = pathOf(remedy, file);
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies/{remedy}/refusal", {
          params: { ...params, header },
          body: { reason, facts: [reason], evidence: [] },
        }),
      ),
    onClose,
  );
  return (
    <ActPanel name={said.refuse} clock={said.confirmKeys} acting={acting} onClose={onClose}>
      <Select
        size="xs"
        label={said.refuseWhy}
        allowDeselect={false}
        data-autofocus
        value={reason}
        data={REASONS.map((value) => ({ value, label: code(value) }))}
        onChange={(wanted) => wanted && setReason(wanted)}
      />
    </ActPanel>
  );
}

function pathOf(remedy: RemedyShape, { order }: OrderFile) {
  return { path: { consumer: order.consumer, order: order.id, remedy: remedy.number } };
}
