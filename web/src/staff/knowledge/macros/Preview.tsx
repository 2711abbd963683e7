import { Paper, Select, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import type { ListedShape } from "../../../api/schema";
import { plainText } from "../../../shared/plainText";
import { useColon, useWords } from "../../../shared/words";
import { keyOf } from "../../desk/address";
import { macroWords } from "../../desk/composer/macroWords";
import { useCode } from "../../desk/useCode";
import { ProblemNote } from "../../shell/ProblemNote";
import { withNames, wrongIn } from "./template";
import { words } from "./words";

const PAUSE_MS = 300;
const SAMPLES = 20;

/** What a macro says in both languages: in an open case of the desk, or with variables by name. */
export function Preview({ desk, zh, en }: { desk: string; zh: string; en: string }) {
  const said = useWords(words);
  const code = useCode();
  const [chosen, setChosen] = useState<string | null>(null);
  const { data } = useQuery({
    queryKey: ["desk", "samples", desk],
    queryFn: () => {
      const body = { desk, filter: {}, limit: SAMPLES, cursor: null };
      return answer(api.POST("/v1/desk/views/preview", { body }));
    },
    staleTime: 60_000,
  });
  const cases = data?.items ?? [];
  const sample = cases.find((one) => keyOf(one) === chosen) ?? null;
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.preview}
      </Title>
      {data && cases.length === 0 ? (
        <Text size="sm">{said.sampleNone}</Text>
      ) : (
        <Select
          label={said.sample}
          placeholder={said.noSample}
          clearable
          clearButtonProps={{ "aria-label": said.noSample }}
          value={chosen}
          data={cases.map((one) => ({
            value: keyOf(one),
            label: `${code(one.issue)} · ${plainText(one.name)} · ${code(one.status)}`,
          }))}
          onChange={setChosen}
        />
      )}
      <Read language="zh" text={zh} sample={sample} />
      <Read language="en" text={en} sample={sample} />
    </Stack>
  );
}

function Read({
  language,
  text,
  sample,
}: {
  language: "zh" | "en";
  text: string;
  sample: ListedShape | null;
}) {
  const said = useWords(words);
  const colon = useColon();
  return (
    <section aria-label={`${said.preview}${colon}${said[language]}`}>
      <Text size="sm" fw={600}>
        {said.reads(said[language])}
      </Text>
      <Paper withBorder p="xs" lang={language}>
        {text.trim() === "" ? (
          <Text size="sm">{said.nothingYet}</Text>
        ) : sample ? (
          <InCase language={language} text={text} sample={sample} />
        ) : (
          <ByNames text={text} />
        )}
      </Paper>
    </section>
  );
}

function ByNames({ text }: { text: string }) {
  const names = useWords(macroWords);
  if (wrongIn(text)) return <p className="said-as-written">{text}</p>;
  return <p className="said-as-written">{withNames(text, (one) => names[one])}</p>;
}

function InCase({
  language,
  text,
  sample,
}: {
  language: "zh" | "en";
  text: string;
  sample: ListedShape;
}) {
  const said = useWords(words);
  const names = useWords(macroWords);
  const [tried] = useDebouncedValue(text, PAUSE_MS);
  const { consumer, conversation } = sample;
  const { data, error } = useQuery({
    queryKey: ["desk", "tried", language, tried, keyOf(sample)],
    queryFn: () =>
      answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/macros/preview", {
          params: { path: { consumer, conversation, case: sample.case } },
          body: { text: tried, language },
        }),
      ),
    enabled: wrongIn(tried) === null && tried.trim() !== "",
    placeholderData: keepPreviousData,
  });
  if (error) return <ProblemNote error={error} />;
  const lacks = (data?.missing ?? []).map((one) => `${names[one.variable]} (${names[one.why]})`);
  if (lacks.length > 0) {
    return (
      <>
        <Text size="sm" role="status">
          {said.lacks(lacks.join(", "))}
        </Text>
        <ByNames text={text} />
      </>
    );
  }
  return <p className="said-as-written">{data?.text ?? ""}</p>;
}
