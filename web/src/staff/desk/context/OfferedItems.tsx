import { Group, NumberInput, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type { RemedyShape, ReplaceableShape } from "../../../api/schema";
import { money } from "../../../shared/format";
import { plainText } from "../../../shared/plainText";
import { useLanguage, useWords } from "../../../shared/words";
import { answerWords } from "./answerWords";
import { type Offered, partOf } from "./offered";
import type { OrderFile } from "./useOrder";
import { words } from "./words";

const ID_SHOWN = 6;

type Props = {
  remedy: RemedyShape;
  file: OrderFile;
  /** Whether goods come in their place, so that it has to be said which. */
  exchanged: boolean;
  offered: Offered;
  onChange: (offered: Offered) => void;
};

/** Of which items how many; for an exchange also what comes in the place of each. */
export function OfferedItems({ remedy, file, exchanged, offered, onChange }: Props) {
  const said = useWords(answerWords);
  const plain = useWords(words);
  const part = partOf(remedy);
  const { data } = useReplacements(file, part, exchanged);
  const sold = file.order.parts?.find((one) => one.number === part)?.items ?? [];
  return remedy.lines.map(({ item, quantity }) => {
    const title = sold[item - 1]?.title;
    const name = title ? plainText(title) : plain.item(item);
    const known = data?.items.find((one) => one.item === item);
    return (
      <Group key={item} gap="xs" grow>
        <NumberInput
          size="xs"
          label={said.howMany(name)}
          min={0}
          max={quantity}
          allowDecimal={false}
          value={offered.quantities[item] ?? quantity}
          onChange={(typed) =>
            onChange({
              ...offered,
              quantities: { ...offered.quantities, [item]: typeof typed === "number" ? typed : 0 },
            })
          }
        />
        {exchanged && known && (
          <Variants
            name={name}
            of={known}
            currency={file.remedies.currency}
            chosen={offered.instead[item]?.variant ?? ""}
            onChoose={(instead) =>
              onChange({ ...offered, instead: { ...offered.instead, [item]: instead } })
            }
          />
        )}
      </Group>
    );
  });
}

type Variant = NonNullable<ReplaceableShape["variants"]>[number];
type VariantsProps = {
  name: string;
  of: ReplaceableShape;
  currency: string;
  chosen: string;
  onChoose: (variant: Variant | null) => void;
};

/** The same again, or another form in which it is sold now. */
function Variants({ name, of, currency, chosen, onChoose }: VariantsProps) {
  const said = useWords(answerWords);
  const { language } = useLanguage();
  const variants = of.variants ?? [];
  return (
    <Select
      size="xs"
      label={said.instead(name)}
      allowDeselect={false}
      value={chosen}
      data={[
        { value: "", label: said.sameAgain },
        ...variants.map((one) => ({
          value: one.variant,
          disabled: !one.available,
          label: said.variant(
            one.variant.slice(-ID_SHOWN),
            money(one.price_minor, currency, language),
            one.variant === of.bought,
          ),
        })),
      ]}
      onChange={(wanted) => onChoose(variants.find((one) => one.variant === wanted) ?? null)}
    />
  );
}

/** In which forms the items of a part are sold now, once that is wanted. */
export function useReplacements({ order }: OrderFile, part: number, wanted: boolean) {
  return useQuery({
    queryKey: ["desk", "replacements", order.consumer, order.id, part],
    enabled: wanted,
    queryFn: () =>
      answer(
        api.GET("/v1/desk/orders/{consumer}/{order}/replacements", {
          params: { path: { consumer: order.consumer, order: order.id }, query: { part } },
        }),
      ),
  });
}
