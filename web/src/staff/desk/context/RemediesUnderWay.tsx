import { Text } from "@mantine/core";
import type { MessageShape } from "../../../api/schema";
import { money, time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { useCode } from "../useCode";
import { AnswerRemedy } from "./AnswerRemedy";
import { Approval } from "./Approval";
import { Disputed } from "./Disputed";
import { Part } from "./Part";
import type { OrderFile } from "./useOrder";
import { words } from "./words";

type Props = { file: OrderFile; messages: readonly MessageShape[] };

/** The remedies of the order: how far each is, what comes next, and what waits for this desk. */
export function RemediesUnderWay({ file, messages }: Props) {
  const said = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  const { remedies } = file;
  const amount = (minor: number) => money(minor, remedies.currency, language);
  const over = remedies.over ?? [];
  if (remedies.remedies.length === 0 && over.length === 0) return null;
  return (
    <Part title={remedies.remedies.length > 0 ? said.running : said.over}>
      <ul className="under-way">
        {remedies.remedies.map((one) => (
          <li key={one.number}>
            <Text size="sm" fw={600}>
              {code(one.kind)} {amount(one.amount_minor)} · {code(one.status)}
            </Text>
            <Text size="xs" className="quiet">
              {[
                code(one.reason),
                ...(one.bearers ?? []).map((by) => said.paidBy(code(by.payer))),
                ...(one.steps ?? [])
                  .slice(0, 2)
                  .map((step) => said.step(code(step.kind), time(step.due_at, language))),
              ].join(" · ")}
            </Text>
            <Disputed remedy={one} />
            <Approval remedy={one} currency={remedies.currency} />
            <AnswerRemedy remedy={one} file={file} messages={messages} />
          </li>
        ))}
        {over.map((one) => (
          <li key={one.number}>
            <Text size="xs" className="quiet">
              {code(one.kind)} {amount(one.amount_minor)} · {code(one.status)}
              {one.settled_at && ` · ${time(one.settled_at, language)}`}
            </Text>
          </li>
        ))}
      </ul>
    </Part>
  );
}
