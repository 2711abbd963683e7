import { BarChart, LineChart } from "@mantine/charts";
import "@mantine/charts/styles.css";
import { Anchor, Group, Stack, Table, Text } from "@mantine/core";
import type { FigureShape } from "../../api/schema";
import { day } from "../../shared/format";
import { type Language, useLanguage, useWords } from "../../shared/words";
import { Asked } from "../admin/common/Asked";
import { Wide } from "../admin/common/Wide";
import { type By, lasting, type Span, shown, timezone, useValues } from "./figures";
import { words } from "./words";

const BARS_MAX = 20;

/** A figure by group, as a chart and as a table that says the same. */
export function BrokenDown({ figure, span, by }: { figure: FigureShape; span: Span; by: By }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const query = useValues(figure.name, span, by);
  const file = `/v1/desk/insight/${figure.name}/export?${new URLSearchParams({ ...span, by, timezone })}`;
  return (
    <Stack gap="xs">
      <Group justify="flex-end">
        <Anchor href={file} download>
          {said.csv}
        </Anchor>
      </Group>
      <Asked query={query}>
        {({ items, currency = "" }) => {
          const rows = items.filter((one) => one.denominator > 0);
          if (rows.length === 0) return <Text>{said.nothing}</Text>;
          const data = rows.slice(0, by === "day" ? rows.length : BARS_MAX).map((one) => ({
            group: groupName(one.group, by, language) || said.nobody,
            value: one.numerator / one.denominator,
          }));
          const format = (value: number) =>
            shown({ numerator: value, denominator: 1 }, figure.unit, currency, language);
          const about = {
            h: 240,
            data,
            dataKey: "group",
            series: [{ name: "value", label: figure.title[language], color: "cyan.8" }],
            valueFormatter: format,
            yAxisProps: { width: 90 },
          };
          return (
            <>
              <div aria-hidden>
                {by === "day" ? (
                  <LineChart {...about} lineChartProps={{ accessibilityLayer: false }} />
                ) : (
                  <BarChart {...about} barChartProps={{ accessibilityLayer: false }} />
                )}
              </div>
              <Wide
                label={figure.title[language]}
                head={[
                  said.group,
                  said.value,
                  said.numerator,
                  said.denominator,
                  said.excluded,
                  ...(figure.unit === "seconds" ? [said.median, said.p90] : []),
                ]}
              >
                {items.map((one) => (
                  <Table.Tr key={one.group}>
                    <Table.Th scope="row">
                      {groupName(one.group, by, language) || said.nobody}
                    </Table.Th>
                    <Table.Td>
                      {one.denominator > 0 ? shown(one, figure.unit, currency, language) : "–"}
                    </Table.Td>
                    <Table.Td>{one.numerator}</Table.Td>
                    <Table.Td>{one.denominator}</Table.Td>
                    <Table.Td>{one.excluded}</Table.Td>
                    {figure.unit === "seconds" && (
                      <>
                        <Table.Td>
                          {one.median == null ? "–" : lasting(one.median, language)}
                        </Table.Td>
                        <Table.Td>{one.p90 == null ? "–" : lasting(one.p90, language)}</Table.Td>
                      </>
                    )}
                  </Table.Tr>
                ))}
              </Wide>
            </>
          );
        }}
      </Asked>
    </Stack>
  );
}

/** A day as people write it; a party by the beginning of its id. */
function groupName(group: string, by: By, language: Language): string {
  if (by === "day") return day(`${group}T12:00:00`, language);
  if (by === "merchant" || by === "creator") return group.slice(0, 8);
  const [kind, id] = group.split(":");
  return id ? `${kind} ${id.slice(0, 8)}` : group;
}
