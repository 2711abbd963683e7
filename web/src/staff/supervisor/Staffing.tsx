import { BarChart } from "@mantine/charts";
import "@mantine/charts/styles.css";
import { Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { lasting, time } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { Asked } from "../admin/common/Asked";
import { Wide } from "../admin/common/Wide";
import { words } from "./words";

const HOURS = 12;

/** How many people the coming hours take, and how many are planned; as bars and as a table. */
export function Staffing({ desk }: { desk: string }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const query = useQuery({
    queryKey: ["staffing", desk],
    queryFn: () =>
      answer(api.GET("/v1/desk/staffing", { params: { query: { desk, hours: HOURS } } })),
    staleTime: 60_000,
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.staffing}
      </Title>
      <Asked query={query}>
        {(found) => {
          const share = found.level.toLocaleString(language, { style: "percent" });
          const handling = lasting(found.handling_seconds, language);
          const rows = found.hours.map((one) => ({
            ...one,
            hour: time(one.starts_at, language),
          }));
          return (
            <>
              <Text size="sm">
                {said.staffingAbout(share, found.within_seconds, handling)}{" "}
                {found.weeks > 0 ? said.staffingWeeks(found.weeks) : said.staffingDays}{" "}
                {!found.measured && said.notMeasured}
              </Text>
              <div aria-hidden>
                <BarChart
                  h={180}
                  data={rows}
                  dataKey="hour"
                  withLegend
                  barChartProps={{ accessibilityLayer: false }}
                  series={[
                    { name: "staff", label: said.needed, color: "cyan.8" },
                    { name: "planned", label: said.planned, color: "gray.6" },
                  ]}
                />
              </div>
              <Wide
                label={said.staffing}
                head={[said.hour, said.arrivals, said.needed, said.planned]}
              >
                {rows.map((one) => (
                  <Table.Tr key={one.starts_at}>
                    <Table.Th scope="row">{one.hour}</Table.Th>
                    <Table.Td>{one.arrivals}</Table.Td>
                    <Table.Td>{one.staff}</Table.Td>
                    <Table.Td>
                      {one.planned}
                      {one.staff > one.planned && ` (${said.short(one.staff - one.planned)})`}
                    </Table.Td>
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
