import { Group, Text } from "@mantine/core";
import type { OrderShape, PartShape } from "../../../api/schema";
import { exactly, money, time } from "../../../shared/format";
import { ItemPicture } from "../../../shared/ItemPicture";
import { plainText } from "../../../shared/plainText";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { useCode } from "../useCode";
import { Part } from "./Part";
import { PromiseRow } from "./PromiseRow";
import { Tracking } from "./Tracking";
import { words } from "./words";

/** What was bought, what was promised against what came, where it is, what was paid. */
export function OrderCard({ order, part }: { order: OrderShape; part: number }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const colon = useColon();
  const code = useCode();
  const parts = (order.parts ?? []).filter((one) => part === 0 || one.number === part);
  return (
    <Part title={said.order}>
      <Text size="xs" className="quiet" title={exactly(order.placed_at ?? "", language)}>
        {said.placed} {order.placed_at && time(order.placed_at, language)}
      </Text>
      {parts.map((one) => (
        <Items key={one.number} part={one} currency={order.currency ?? ""} />
      ))}
      {parts.map((one) => (
        <table key={one.number} className="promises">
          <thead>
            <tr>
              <th scope="col">{said.promise}</th>
              <th scope="col">{said.promised}</th>
              <th scope="col">{said.actual}</th>
            </tr>
          </thead>
          <tbody>
            <PromiseRow
              name={said.shipBy}
              promise={one.shipping}
              actual={one.shipped_at}
              expected={null}
            />
            <PromiseRow
              name={said.deliverBy}
              promise={one.delivery}
              actual={one.delivered_at}
              expected={one.estimate_at}
            />
          </tbody>
        </table>
      ))}
      <Tracking order={order} parts={parts} />
      {order.payments && order.payments.length > 0 && (
        <Text size="xs">
          {said.payments}
          {colon}
          {order.payments
            .map(
              (one) =>
                `${code(one.method)} ${money(one.amount_minor, order.currency ?? "", language)}`,
            )
            .join(" · ")}
        </Text>
      )}
    </Part>
  );
}

function Items({ part, currency }: { part: PartShape; currency: string }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const numbered = part.items.map((item, index) => ({
    ...item,
    number: index + 1,
    name: item.title ? plainText(item.title) : said.item(index + 1),
  }));
  const { stage, since } = part.standing;
  return (
    <>
      {numbered.map((item) => (
        <Group key={item.number} gap="xs" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <ItemPicture address={item.picture} title={item.name} />
            <Text size="sm" truncate>
              <bdi>{item.name}</bdi> × {item.quantity}
            </Text>
          </Group>
          <Text size="sm">{money(item.paid_minor, currency, language)}</Text>
        </Group>
      ))}
      {stage === "cancelled" && (
        <Text size="xs" className="quiet" {...(since && { title: exactly(since, language) })}>
          {said.cancelled} {since && time(since, language)}
        </Text>
      )}
    </>
  );
}
