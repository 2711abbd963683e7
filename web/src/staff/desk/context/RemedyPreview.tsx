import { Button, Group, Loader, Text } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { answer, api } from "../../../api/client";
import type {
  ChoiceShape,
  ConversationShape,
  MessageShape,
  PreviewShape,
} from "../../../api/schema";
import { money, time } from "../../../shared/format";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { refusalWords } from "../../shell/problemWords";
import type { Case } from "../case/openCase";
import { deskName } from "../codes";
import { useAct } from "../finish/useAct";
import { useCode } from "../useCode";
import { ConsumersFiles } from "./ConsumersFiles";
import { useConsumersEvidence } from "./evidence";
import type { OrderFile } from "./useOrder";
import { wishOf } from "./usePreview";
import { words } from "./words";

type Props = {
  choice: ChoiceShape;
  preview: PreviewShape | undefined;
  error: unknown;
  onClose: () => void;
  file: OrderFile;
  conversation: ConversationShape;
  messages: readonly MessageShape[];
  about: Case;
};

/** Exactly what would happen, and the button that says so. Money has no undo. */
export function RemedyPreview(props: Props) {
  const { choice, preview, error, onClose, file, conversation, messages, about } = props;
  const said = useWords(words);
  const { language } = useLanguage();
  const colon = useColon();
  const code = useCode();
  const box = useRef<HTMLElement>(null);
  const { order, choices } = file;
  const evidence = useConsumersEvidence(messages, preview?.evidence ?? 0);
  const path = { consumer: order.consumer, order: order.id };
  const body = {
    wish: wishOf(choices.part, choice),
    expected_minor: preview?.amount_minor ?? 0,
    case: { conversation: conversation.id, case: about.number },
    evidence: evidence.chosen,
    address: null,
    human: false,
  };
  const acting = useAct(
    (header) =>
      answer(
        api.POST("/v1/desk/orders/{consumer}/{order}/remedies", { params: { path, header }, body }),
      ),
    onClose,
    { name: `remedy/${order.id}`, what: body },
  );
  const ready = preview?.possible === true && evidence.enough;
  useEffect(() => box.current?.focus(), []);
  const cancel = () => {
    acting.cancel();
    onClose();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      cancel();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (ready && !acting.isPending) acting.mutate();
    }
  };
  const amount = (minor: number) => money(minor, preview?.currency || choices.currency, language);
  return (
    <section
      ref={box}
      className="preview"
      aria-label={said.preview}
      // It takes the focus when it opens, so that one key confirms.
      tabIndex={-1}
      onKeyDown={pressed}
    >
      {!preview && !error && <Loader size="xs" />}
      {error !== null && error !== undefined && <ProblemNote error={error} />}
      {preview && !preview.possible && (
        <Text size="sm">
          {said.impossible}
          {colon}
          {refusalWords(preview, language)}
          {preview.nearest &&
            ` · ${said.nearest}${colon}${code(preview.nearest.kind)} ${amount(preview.nearest.amount_minor)}`}
        </Text>
      )}
      {preview?.possible && (
        <>
          <ul>
            {(preview.routes ?? []).map((one) => (
              <li key={one.method}>{said.goesTo(amount(one.amount_minor), code(one.method))}</li>
            ))}
            {(preview.bearers ?? []).map((one) => (
              <li key={one.payer}>
                {said.paidBy(code(one.payer))} {amount(one.amount_minor)}
              </li>
            ))}
            {(preview.steps ?? []).map((one) => (
              <li key={`${one.kind}${one.due_at}`}>
                {said.step(code(one.kind), time(one.due_at, language))}
              </li>
            ))}
          </ul>
          <details>
            <summary>{said.rule}</summary>
            <Text size="xs">{preview.rule}</Text>
          </details>
          <ConsumersFiles evidence={evidence} />
        </>
      )}
      {acting.error && <ProblemNote error={acting.error} />}
      <Group gap="xs" justify="space-between">
        <Button size="compact-sm" variant="default" onClick={cancel}>
          {said.close}
        </Button>
        {preview?.possible && (
          <Button
            size="compact-sm"
            disabled={!ready}
            loading={acting.isPending}
            onClick={() => acting.mutate()}
          >
            {preview.desk
              ? said.askFor(
                  code(choice.kind),
                  amount(preview.amount_minor ?? 0),
                  deskName(preview.desk, language),
                )
              : said.give(code(choice.kind), amount(preview.amount_minor ?? 0))}
          </Button>
        )}
      </Group>
      <Text size="xs" className="quiet">
        {said.confirmKeys}
      </Text>
    </section>
  );
}
