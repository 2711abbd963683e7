import { BarChart, LineChart } from "@mantine/charts";
import "@mantine/charts/styles.css";
import { Anchor, Box, Group, Stack, Table, Text } from "@mantine/core";
import type { FigureShape } from "../../api/schema";
import { counted, lasting, money } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { Asked } from "../admin/common/Asked";
import { Wide } from "../admin/common/Wide";
import { type By, OF, type Span, shown, timeTicks, timezone, useValues } from "./figures";
import { useGroupNames } from "./useGroupNames";
import { words } from "./words";

const BARS_MAX = 20;

/** A figure by group, as a chart and as a table that says the same. */
export function BrokenDown({ figure, span, by }: { figure: FigureShape; span: Span; by: By }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const query = useValues(figure.name, span, by);
  const groupName = useGroupNames(query.data?.items.map((one) => one.group) ?? [], by);
  const file = `/v1/desk/insight/${figure.name}/export?${new URLSearchParams({ ...span, by, timezone })}`;
  return (
    <Stack gap="xs">
      <Group justify="flex-end">
        <Anchor href={file} download size="sm">
          {said.csv}
        </Anchor>
      </Group>
      <Asked query={query}>
        {({ items, currency = "" }) => {
          if (by === "agent" && figure.name !== "paused_share")
            return <Text>{said.notByAgent}</Text>;
          const rows = items.filter((one) => one.denominator > 0);
          if (rows.length === 0) return <Text>{said.nothing}</Text>;
          const data = rows.slice(0, by === "day" ? rows.length : BARS_MAX).map((one) => ({
            group: one.name || groupName(one.group),
            value: one.numerator / one.denominator,
          }));
          const format = (value: number) =>
            shown({ numerator: value, denominator: 1 }, figure.unit, currency, language);
          const ofTime = OF[figure.name] === "ofTime";
          const numerator = (sum: number) => {
            if (figure.unit === "money") return money(sum, currency, language);
            if (figure.unit === "seconds" || ofTime) return lasting(sum, language);
            return counted(sum, language);
          };
          const denominator = ofTime ? lasting : counted;
          const about = {
            h: 240,
            data,
            dataKey: "group",
            series: [{ name: "value", label: figure.title[language], color: "cyan.8" }],
            valueFormatter: format,
            yAxisProps: {
              width: 110,
              ...(figure.unit === "seconds" ? timeAxis(data.map(({ value }) => value)) : {}),
            },
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
                  ...[said.value, said.numerator, said.denominator, said.excluded].map(figures),
                  ...(figure.unit === "seconds" ? [said.median, said.p90].map(figures) : []),
                ]}
              >
                {items.map((one) => (
                  <Table.Tr key={one.group}>
                    <Table.Th scope="row">
                      <bdi>{one.name || groupName(one.group)}</bdi>
                    </Table.Th>
                    <Table.Td className="figures">
                      {one.denominator > 0 ? shown(one, figure.unit, currency, language) : "–"}
                    </Table.Td>
                    <Table.Td className="figures">{numerator(one.numerator)}</Table.Td>
                    <Table.Td className="figures">
                      {denominator(one.denominator, language)}
                    </Table.Td>
                    <Table.Td className="figures">{counted(one.excluded, language)}</Table.Td>
                    {figure.unit === "seconds" && (
                      <>
                        <Table.Td className="figures">
                          {one.median == null ? "–" : lasting(one.median, language)}
                        </Table.Td>
                        <Table.Td className="figures">
                          {one.p90 == null ? "–" : lasting(one.p90, language)}
                        </Table.Td>
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

function timeAxis(values: readonly number[]) {
  const ticks = timeTicks(Math.max(...values));
  return { ticks, domain: [0, ticks.at(-1) ?? 0], interval: 0 as const };
}

/** The head of a column of figures stands above them. */
function figures(name: string) {
  return (
    <Box key={name} className="figures">
      {name}
    </Box>
  );
}
