import { Group, Stack, Table, Text, Title } from "@mantine/core";
import type { CalendarYear } from "../../../api/schema";
import { type Language, useColon, useLanguage, useWords } from "../../../shared/words";
import { Wide } from "../common/Wide";
import "./calendars.css";
import { words } from "./words";

type Day = CalendarYear["days"][number];

const KINDS = ["workday", "rest", "holiday", "make_up", "other_hours"] as const;
const LOCALES: Record<Language, string> = { zh: "zh-CN", en: "en-GB" };

/** Twelve months with what each day is, then in words the days that differ. */
export function Year({ found }: { found: CalendarYear }) {
  const said = useWords(words);
  const colon = useColon();
  const { language } = useLanguage();
  const months = Array.from({ length: 12 }, (_, month) =>
    found.days.filter((one) => Number(one.day.slice(5, 7)) === month + 1),
  );
  const special = found.days.filter((one) => one.kind !== "workday" && one.kind !== "rest");
  return (
    <Stack>
      <Group gap="md">
        <Text size="sm">{`${said.zone}${colon}${found.timezone}`}</Text>
        {KINDS.map((kind) => (
          <Text key={kind} size="sm" className="legend" data-kind={kind}>
            {`${said[kind]}${colon}${found.days.filter((one) => one.kind === kind).length}`}
          </Text>
        ))}
      </Group>
      <section className="months" aria-label={said.months}>
        {months.map((days) => (
          <Month key={days[0]?.day} days={days} />
        ))}
      </section>
      <Title order={2} size="h4">
        {said.special}
      </Title>
      {special.length === 0 ? (
        <Text>{said.noSpecial}</Text>
      ) : (
        <Wide label={said.special} head={[said.day, said.kind, said.hours, said.source]}>
          {special.map((one) => (
            <Table.Tr key={one.day}>
              <Table.Td>{written(one.day, language)}</Table.Td>
              <Table.Td>{said[one.kind]}</Table.Td>
              <Table.Td>{one.hours || said.closed}</Table.Td>
              <Table.Td>{one.origin ? one.origin.source : said.country}</Table.Td>
            </Table.Tr>
          ))}
        </Wide>
      )}
    </Stack>
  );
}

function Month({ days }: { days: readonly Day[] }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const first = days[0];
  if (first === undefined) return null;
  const today = new Date().toLocaleDateString("sv-SE");
  // Weeks begin on Monday, as the columns of a pack do.
  const before = (noon(first.day).getUTCDay() + 6) % 7;
  const cells: (Day | null)[] = [...Array<null>(before).fill(null), ...days];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, at) => cells[week * 7 + at] ?? null),
  );
  const monthName = noon(first.day).toLocaleDateString(LOCALES[language], {
    month: "long",
    timeZone: "UTC",
  });
  return (
    <table className="month">
      <caption>{monthName}</caption>
      <thead>
        <tr>
          {weekdays(language).map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: weeks stay where they are
          <tr key={row}>
            {week.map((one, at) =>
              one === null ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: so do the days of a week
                <td key={at} />
              ) : (
                <td
                  key={one.day}
                  data-kind={one.kind}
                  data-today={one.day === today || undefined}
                  title={`${said[one.kind]} · ${one.hours || said.closed}`}
                >
                  {Number(one.day.slice(8))}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function noon(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}

function written(day: string, language: Language): string {
  return noon(day).toLocaleDateString(LOCALES[language], {
    weekday: "short",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  });
}

function weekdays(language: Language): string[] {
  const monday = Date.UTC(2024, 0, 1, 12);
  return Array.from({ length: 7 }, (_, number) =>
    new Date(monday + number * 86_400_000).toLocaleDateString(LOCALES[language], {
      weekday: "short",
      timeZone: "UTC",
    }),
  );
}
