import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { MessageShape, RemedyShape } from "../../../api/schema";
import { money } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { ActPanel } from "../finish/ActPanel";
import { useAct } from "../finish/useAct";
import { useCode } from "../useCode";
import { answerWords } from "./answerWords";
import { Offer } from "./Offer";
import { Refuse } from "./Refuse";
import type { OrderFile } from "./useOrder";
import { words } from "./words";

type Props = { remedy: RemedyShape; file: OrderFile; messages: readonly MessageShape[] };

/** Yes, no, or something else to a wish that waits for one of this agent's desks. */
export function AnswerRemedy({ remedy, file, messages }: Props) {
  const said = useWords(words);
  const more = useWords(answerWords);
  const { desks } = useSession();
  const [chosen, setChosen] = useState<"grant" | "refuse" | "approve" | "offer" | null>(null);
  const second = (remedy.clocks ?? []).some((one) => one.kind === "authority");
  const asked = remedy.desk && desks.includes(remedy.desk) && remedy.status === "requested";
  if (!asked) return null;
  const close = () => setChosen(null);
  if (chosen === "refuse") return <Refuse {...{ remedy, file, messages }} onClose={close} />;
  if (chosen === "offer") return <Offer remedy={remedy} file={file} onClose={close} />;
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
          {!remedy.counter_offer && (
            <Button size="compact-xs" variant="default" onClick={() => setChosen("offer")}>
              {more.offer}
            </Button>
          )}
        </>
      )}
    </Group>
  );
}

type AnswerProps = Omit<Props, "messages"> & { onClose: () => void };

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

function pathOf(remedy: RemedyShape, { order }: OrderFile) {
  return { path: { consumer: order.consumer, order: order.id, remedy: remedy.number } };
}
