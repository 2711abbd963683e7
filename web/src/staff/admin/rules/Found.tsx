import { Accordion, List, Stack, Table, Text } from "@mantine/core";
import type { Summary } from "../../../api/schema";
import { money } from "../../../shared/format";
import { type Language, useLanguage, useWords } from "../../../shared/words";
import { Wide } from "../common/Wide";
import { questionWord } from "./questionWords";
import { spokenSeconds } from "./tableWords";
import { words } from "./words";

type Question = Summary["questions"][number];

/** What a backtest found: counts first, then what moves and who pays, and what it cannot know. */
export function Found({ found }: { found: Summary }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const percent = Math.round((100 * found.buckets) / found.buckets_all);
  return (
    <Stack gap="xs">
      <Text fw={600}>{said.result(found.decided, found.changed)}</Text>
      {percent < 100 && <Text>{said.sample(percent)}</Text>}
      {found.merchants_better + found.merchants_worse > 0 && (
        <Text>{said.merchants(found.merchants_better, found.merchants_worse)}</Text>
      )}
      <Wide label={said.tryIt} head={[said.kind, said.decided, said.otherwise, said.unknown]}>
        {found.questions.map((one) => (
          <Table.Tr key={one.name}>
            <Table.Th scope="row" fw={500}>
              {questionWord(one.name, language)}
            </Table.Th>
            <Table.Td>{number(one.decided, language)}</Table.Td>
            <Table.Td>{number(one.changed, language)}</Table.Td>
            <Table.Td>
              {number(
                one.unknown.reduce((sum, each) => sum + each.count, 0),
                language,
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Wide>
      <Accordion multiple chevronPosition="left">
        {found.questions
          .filter((one) => one.changed > 0)
          .map((one) => (
            <Accordion.Item key={one.name} value={one.name}>
              <Accordion.Control>
                {`${questionWord(one.name, language)} · ${number(one.changed, language)}`}
              </Accordion.Control>
              <Accordion.Panel>
                <Details question={one} />
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        <Accordion.Item value="limits">
          <Accordion.Control>{said.cannotKnow}</Accordion.Control>
          <Accordion.Panel>
            <List size="sm">
              {found.assumptions.map((one) => (
                <List.Item key={one}>{one}</List.Item>
              ))}
            </List>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

function Details({ question }: { question: Question }) {
  const said = useWords(words);
  const { language } = useLanguage();
  return (
    <Stack>
      {question.counts.length > 0 && (
        <Wide label={said.counts} head={[said.what, said.before, said.after, said.count]}>
          {question.counts.map((one) => (
            <Table.Tr key={`${one.name}/${one.before}/${one.after}`}>
              <Table.Td>{one.name}</Table.Td>
              <Table.Td>{one.before || said.nothing}</Table.Td>
              <Table.Td>{one.after || said.nothing}</Table.Td>
              <Table.Td>{number(one.count, language)}</Table.Td>
            </Table.Tr>
          ))}
        </Wide>
      )}
      {question.moved.length > 0 && (
        <Wide
          label={said.moves}
          head={[said.moves, said.earlier, said.mean, said.later, said.mean]}
        >
          {question.moved.map((one) => (
            <Table.Tr key={one.name}>
              <Table.Td>{one.name}</Table.Td>
              <Table.Td>{number(one.earlier, language)}</Table.Td>
              <Table.Td>{mean(one.earlier_seconds, one.earlier, language)}</Table.Td>
              <Table.Td>{number(one.later, language)}</Table.Td>
              <Table.Td>{mean(one.later_seconds, one.later, language)}</Table.Td>
            </Table.Tr>
          ))}
        </Wide>
      )}
      {question.pays.length > 0 && (
        <Wide label={said.pays} head={[said.pays, said.before, said.after, said.change]}>
          {question.pays.map((one) => (
            <Table.Tr key={`${one.who}/${one.currency}`}>
              <Table.Td>{one.who}</Table.Td>
              <Table.Td>{money(one.before_minor, one.currency, language)}</Table.Td>
              <Table.Td>{money(one.after_minor, one.currency, language)}</Table.Td>
              <Table.Td>
                {money(one.after_minor - one.before_minor, one.currency, language)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Wide>
      )}
    </Stack>
  );
}

function mean(seconds: number, count: number, language: Language): string {
  if (count === 0) return "–";
  const minutes = Math.max(60, Math.round(Math.abs(seconds) / count / 60) * 60);
  return spokenSeconds(minutes, language);
}

function number(value: number, language: Language): string {
  return value.toLocaleString(language === "zh" ? "zh-CN" : "en-GB");
}
