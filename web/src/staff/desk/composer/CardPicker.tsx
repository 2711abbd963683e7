import { Button, Menu } from "@mantine/core";
import type { CardSaid, SubjectShape } from "../../../api/schema";
import { money } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { words as caseWords } from "../case/words";
import { givingDesk, useOrder } from "../context/useOrder";
import { useCode } from "../useCode";
import { words } from "./words";

type Props = { consumer: string; subject: SubjectShape; onChosen: (card: CardSaid) => void };

/** What can be shown with a message: the order that the conversation is about, and its remedies. */
export function CardPicker({ consumer, subject, onChosen }: Props) {
  const said = useWords(words);
  const named = useWords(caseWords);
  const { language } = useLanguage();
  const { desks } = useSession();
  const code = useCode();
  const { data } = useOrder(consumer, subject, givingDesk(desks));
  if (!data) return null;
  const order = data.order.id;
  const { currency } = data.remedies;
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button size="xs" variant="default">
          {said.show}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChosen({ order, remedy: null })}>{named.orderCard}</Menu.Item>
        {data.remedies.remedies.map((one) => (
          <Menu.Item key={one.number} onClick={() => onChosen({ order, remedy: one.number })}>
            {code(one.kind)} {money(one.amount_minor, currency, language)} · {code(one.status)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
