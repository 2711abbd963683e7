import { Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useLocation } from "wouter";
import { answer, api } from "../../../api/client";
import { Problem } from "../../../api/problems";
import type { ArticleShape } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { LAST_DAY } from "../../common/lastDay";
import { useSession } from "../../session/session";
import { ProblemNote } from "../../shell/ProblemNote";
import { writesForAll } from "../mayWrite";
import { Unpublished } from "../Unpublished";
import { ForWhom } from "./ForWhom";
import { words } from "./words";
import { articleOf, type Field, lacking, type Writing } from "./writing";

const TITLE_MAX = 120;
const BODY_MAX = 8_000;
const OWNER_MAX = 80;
const SOURCE_MAX = 300;

type Props = {
  writing: Writing;
  /** Whether there is anything that is not published. */
  changed?: boolean;
  before: ArticleShape | null;
  keep: (writing: Writing) => void;
  forget: () => void;
  /** It was published before, and only the answer was lost: it goes on as the next version. */
  onThere?: (writing: Writing) => void;
};

/** The next version of an article in both languages; what is written is kept until it is published. */
export function ArticleForm({ writing, changed = false, before, keep, forget, onThere }: Props) {
  const said = useWords(words);
  const session = useSession();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const publishing = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/v1/desk/articles/{article}", {
          params: { path: { article: writing.id } },
          body: { seen: writing.seen, article: articleOf(writing, before) },
        }),
      ),
    onSuccess: async (stored) => {
      forget();
      notifications.show({ message: said.published(stored.version) });
      await queries.invalidateQueries({ queryKey: ["desk", "articles"] });
      if (before === null) go(`/knowledge/articles/${stored.id}`, { replace: true });
    },
    // Somebody may have published meanwhile: then it is said on top.
    onError: async (error) => {
      await queries.invalidateQueries({ queryKey: ["desk", "articles", "one"] });
      if (error instanceof Problem && error.code === "stale_version") onThere?.(writing);
    },
  });
  const change = (told: Partial<Writing>) => keep({ ...writing, ...told });
  const missing = lacking(writing, !writesForAll(session));
  const publish = (event: FormEvent) => {
    event.preventDefault();
    publishing.mutate();
  };
  return (
    <form onSubmit={publish}>
      <Stack>
        <Unpublished
          seen={writing.seen}
          standing={before?.version ?? 0}
          changed={changed}
          onOver={(seen) => change({ seen })}
          onDiscard={forget}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <InLanguage writing={writing} language="zh" onChange={change} />
          <InLanguage writing={writing} language="en" onChange={change} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          <TextInput
            label={said.owner}
            required
            maxLength={OWNER_MAX}
            value={writing.owner}
            onChange={(event) => change({ owner: event.currentTarget.value })}
          />
          <TextInput
            label={said.end}
            type="date"
            max={LAST_DAY}
            value={writing.end}
            onChange={(event) => change({ end: event.currentTarget.value })}
          />
          <TextInput
            label={said.source}
            maxLength={SOURCE_MAX}
            value={writing.source}
            onChange={(event) => change({ source: event.currentTarget.value })}
          />
          <ForWhom writing={writing} onChange={change} />
        </SimpleGrid>
        {publishing.error && <ProblemNote error={publishing.error} />}
        <Group>
          <Button type="submit" loading={publishing.isPending} disabled={missing.length > 0}>
            {said.publish(writing.seen + 1)}
          </Button>
          {missing.length > 0 && (
            <Text size="sm">
              {said.missing(missing.map((one) => fieldName(one, said)).join(", "))}
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function InLanguage({
  writing,
  language,
  onChange,
}: {
  writing: Writing;
  language: "zh" | "en";
  onChange: (told: Partial<Writing>) => void;
}) {
  const said = useWords(words);
  const name = said[language];
  return (
    <Stack gap="xs">
      <TextInput
        label={said.heading(name)}
        lang={language}
        required
        maxLength={TITLE_MAX}
        value={writing[`${language}Title`]}
        onChange={(event) => onChange({ [`${language}Title`]: event.currentTarget.value })}
      />
      <Textarea
        label={said.body(name)}
        description={said.bodyHint}
        lang={language}
        required
        autosize
        minRows={8}
        maxRows={24}
        maxLength={BODY_MAX}
        value={writing[`${language}Body`]}
        onChange={(event) => onChange({ [`${language}Body`]: event.currentTarget.value })}
      />
    </Stack>
  );
}

type Said = ReturnType<typeof useWords<typeof words>>;

function fieldName(field: Field, said: Said): string {
  if (field === "zhTitle") return said.heading(said.zh);
  if (field === "zhBody") return said.body(said.zh);
  if (field === "enTitle") return said.heading(said.en);
  if (field === "enBody") return said.body(said.en);
  return field === "desks" ? said.desks : said.owner;
}
