import { Button, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useLocation } from "wouter";
import { answer, api } from "../../../api/client";
import { Problem } from "../../../api/problems";
import type { Macro } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { IssuePick } from "../IssuePick";
import { Unpublished } from "../Unpublished";
import { Preview } from "./Preview";
import { TemplateField } from "./TemplateField";
import { wrongIn } from "./template";
import { words } from "./words";

const NAME_MAX = 80;

/** A macro while somebody writes it: which one, over which version (0: none yet), what it says. */
export type Writing = { id: string; seen: number; macro: Macro };

type Props = {
  desk: string;
  writing: Writing;
  /** Whether there is anything that is not published. */
  changed?: boolean;
  standing: number;
  keep: (writing: Writing) => void;
  forget: () => void;
  /** It was published before, and only the answer was lost: it goes on as the next version. */
  onThere?: (writing: Writing) => void;
};

/** The next version of a macro in both languages, and what it would say. */
export function MacroForm({
  desk,
  writing,
  changed = false,
  standing,
  keep,
  forget,
  onThere,
}: Props) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [, go] = useLocation();
  const { id, seen, macro } = writing;
  const publishing = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/v1/desk/macros/{macro}", {
          params: { path: { macro: id } },
          body: { seen, desk, macro: { ...macro, name: macro.name.trim() } },
        }),
      ),
    onSuccess: async (stored) => {
      forget();
      notifications.show({ message: said.published(stored.version) });
      await queries.invalidateQueries({ queryKey: ["desk", "macros"] });
      if (seen === 0) {
        go(`/knowledge/macros/${encodeURIComponent(desk)}/${id}`, { replace: true });
      }
    },
    // Somebody may have published meanwhile: then it is said on top.
    onError: async (error) => {
      await queries.invalidateQueries({ queryKey: ["desk", "macros"] });
      if (error instanceof Problem && error.code === "stale_version") onThere?.(writing);
    },
  });
  const change = (told: Partial<Macro>) => keep({ ...writing, macro: { ...macro, ...told } });
  const missing = [
    ...(macro.name.trim() ? [] : [said.name]),
    ...(["zh", "en"] as const)
      .filter((one) => !macro[one].trim())
      .map((one) => said.text(said[one])),
  ];
  const wrong = wrongIn(macro.zh) ?? wrongIn(macro.en);
  const publish = (event: FormEvent) => {
    event.preventDefault();
    publishing.mutate();
  };
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <form onSubmit={publish}>
        <Stack>
          <Unpublished
            seen={seen}
            standing={standing}
            changed={changed}
            onOver={(over) => keep({ ...writing, seen: over })}
            onDiscard={forget}
          />
          <TextInput
            label={said.name}
            required
            maxLength={NAME_MAX}
            value={macro.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TemplateField language="zh" value={macro.zh} onChange={(zh) => change({ zh })} />
          <TemplateField language="en" value={macro.en} onChange={(en) => change({ en })} />
          <IssuePick
            label={said.issues}
            description={said.issuesHint}
            value={macro.issues ?? []}
            onPick={(issues) => change({ issues })}
          />
          {publishing.error && <ProblemNote error={publishing.error} />}
          <Group>
            <Button
              type="submit"
              loading={publishing.isPending}
              disabled={missing.length > 0 || wrong !== null}
            >
              {said.publish(seen + 1)}
            </Button>
            {missing.length > 0 && <Text size="sm">{said.missing(missing.join(", "))}</Text>}
          </Group>
        </Stack>
      </form>
      <Preview desk={desk} zh={macro.zh} en={macro.en} />
    </SimpleGrid>
  );
}
