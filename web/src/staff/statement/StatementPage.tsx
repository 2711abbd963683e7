import { Button, Group, NativeSelect, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "wouter";
import { answer, api } from "../../api/client";
import type { Line } from "../../api/schema";
import { exactly, moment, money, signed } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { Frame } from "../common/Frame";
import { CaseLink } from "../home/CaseLink";
import { useCode } from "../home/codes";
import { useHome } from "../home/desks";
import { HomePick } from "../home/HomePick";
import { partyOf } from "../names/useDeskNames";
import { useSession } from "../session/session";
import { ProblemNote } from "../shell/ProblemNote";
import { type Asked, csvHref, useStatement } from "./lines";
import { monthOf, months, spanOf } from "./months";
import "./statement.css";
import { words } from "./words";

/** What stood in one's accounts in a month, and what moved, line by line. */
export default function StatementPage() {
  const said = useWords(words);
  const { language } = useLanguage();
  const session = useSession();
  const [desk, look] = useHome(session);
  const [asked, ask] = useSearchParams();
  const month = asked.get("month") ?? monthOf(new Date());
  const party = partyOf(desk);
  const span = spanOf(month);
  const { data, error } = useQuery({
    queryKey: ["statements", desk, span.since],
    queryFn: () =>
      answer(
        api.GET("/v1/desk/parties/{party}/statements", {
          params: { path: { party }, query: span },
        }),
      ),
  });
  const currencies = data?.items.map((one) => one.currency) ?? [];
  const named = asked.get("currency") ?? "";
  const currency = currencies.includes(named) ? named : (currencies[0] ?? "");
  const choose = (name: string, value: string) => {
    const chosen = new URLSearchParams(asked);
    chosen.set(name, value);
    ask(chosen, { replace: true });
  };
  return (
    <Frame
      title={said.title}
      about={said.aboutPage}
      actions={
        <>
          <HomePick desk={desk} look={look} />
          <NativeSelect
            label={said.month}
            value={month}
            onChange={(event) => choose("month", event.currentTarget.value)}
            data={months(new Date(), language, month)}
          />
          {currencies.length > 1 && (
            <NativeSelect
              label={said.currency}
              value={currency}
              onChange={(event) => choose("currency", event.currentTarget.value)}
              data={currencies}
            />
          )}
        </>
      }
    >
      {error ? <ProblemNote error={error} /> : null}
      {data && currency === "" && <Text>{said.nothing}</Text>}
      {currency !== "" && <Month asked={{ party, currency, ...span }} />}
    </Frame>
  );
}

function Month({ asked }: { asked: Asked }) {
  const said = useWords(words);
  const code = useCode();
  const { language } = useLanguage();
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useStatement(asked);
  const whole = data?.pages[0];
  const lines = data?.pages.flatMap((page) => page.lines.items) ?? [];
  const sum = (minor: number) => money(minor, asked.currency, language);
  if (error) return <ProblemNote error={error} />;
  if (!whole) return null;
  return (
    <>
      <Table.ScrollContainer minWidth={320}>
        <Table aria-label={said.balances}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{said.account}</Table.Th>
              <Table.Th scope="col" className="figures">
                {said.opening}
              </Table.Th>
              <Table.Th scope="col" className="figures">
                {said.closing}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {whole.balances.map((one) => (
              <Table.Tr key={one.account}>
                <Table.Td>{code(one.account)}</Table.Td>
                <Table.Td className="figures">{sum(one.opening_minor)}</Table.Td>
                <Table.Td className="figures">{sum(one.closing_minor)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {whole.pending_minor !== 0 && <Text>{said.pending(sum(-whole.pending_minor))}</Text>}
      <Group justify="space-between">
        <Title order={2} size="h4">
          {said.lines}
        </Title>
        {lines.length > 0 && (
          <Button component="a" variant="default" href={csvHref(asked)} download>
            {said.export}
          </Button>
        )}
      </Group>
      {lines.length === 0 ? (
        <Text>{said.none}</Text>
      ) : (
        <Lines lines={lines} currency={asked.currency} />
      )}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {said.more}
        </Button>
      )}
    </>
  );
}

function Lines({ lines, currency }: { lines: readonly Line[]; currency: string }) {
  const said = useWords(words);
  const code = useCode();
  const { language } = useLanguage();
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table aria-label={said.lines} verticalSpacing={6} highlightOnHover className="lines">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{said.at}</Table.Th>
            <Table.Th scope="col">{said.what}</Table.Th>
            <Table.Th scope="col" className="figures">
              {said.amount}
            </Table.Th>
            <Table.Th scope="col">{said.account}</Table.Th>
            <Table.Th scope="col">{said.about}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => (
            <Table.Tr key={`${line.stream}/${line.version}/${line.number}`}>
              <Table.Td>
                <time dateTime={line.at} title={exactly(line.at, language)} className="moment">
                  {moment(line.at, language)}
                </time>
              </Table.Td>
              <Table.Td>{[line.cause, line.reason].filter(Boolean).map(code).join(" · ")}</Table.Td>
              <Table.Td className="figures" data-taken={line.minor < 0 || undefined}>
                {signed(line.minor, currency, language)}
              </Table.Td>
              <Table.Td>{code(line.account)}</Table.Td>
              <Table.Td>
                {line.consumer && (
                  <CaseLink about={{ consumer: line.consumer, order: line.order }} />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
