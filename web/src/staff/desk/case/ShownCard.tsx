import { Text } from "@mantine/core";
import type { CardSaid, OrderShape, SubjectShape } from "../../../api/schema";
import { day, money } from "../../../shared/format";
import { plainText } from "../../../shared/plainText";
import { type Language, useLanguage, useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { givingDesk, useOrder } from "../context/useOrder";
import { useCode } from "../useCode";
import { words } from "./words";

type Props = { card: CardSaid; consumer: string; subject: SubjectShape };

/** The order, or one of its remedies, that a message shows: as it stands now. */
export function ShownCard({ card, consumer, subject }: Props) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { desks } = useSession();
  const code = useCode();
  const { data } = useOrder(consumer, subject, givingDesk(desks));
  const remedies = [...(data?.remedies.remedies ?? []), ...(data?.remedies.over ?? [])];
  const remedy = remedies.find((one) => one.number === card.remedy);
  return (
    <div className="shown-card">
      <Text size="xs" className="quiet">
        {card.remedy ? said.remedyCard(card.remedy) : said.orderCard}
      </Text>
      <Text size="sm">
        {card.remedy
          ? remedy &&
            [
              code(remedy.kind),
              money(remedy.amount_minor, data?.remedies.currency ?? "", language),
              code(remedy.status),
            ].join(" · ")
          : data && inOneLine(data.order, language)}
      </Text>
    </div>
  );
}

function inOneLine(order: OrderShape, language: Language): string {
  const items = (order.parts ?? []).flatMap((part) => part.items);
  const [title] = items.flatMap((item) => item.title ?? []);
  const paid = items.reduce((sum, item) => sum + item.paid_minor, 0);
  return [
    ...(title ? [plainText(title)] : []),
    ...(order.currency ? [money(paid, order.currency, language)] : []),
    ...(order.placed_at ? [day(order.placed_at, language)] : []),
  ].join(" · ");
}
