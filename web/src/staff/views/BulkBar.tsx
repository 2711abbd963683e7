import { Alert, Anchor, Button, Group, Paper, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Link } from "wouter";
import { answer, api, newKey, once } from "../../api/client";
import { Problem } from "../../api/problems";
import type { ClosingReason, ListedShape, Many } from "../../api/schema";
import { answered, keyOf as attemptOf } from "../../shared/attempt";
import { useDraft } from "../../shared/drafts";
import { plainText } from "../../shared/plainText";
import { useLanguage, useWords } from "../../shared/words";
import { hrefOf, keyOf } from "../desk/address";
import { useCode } from "../desk/useCode";
import { useSession } from "../session/session";
import { ProblemNote } from "../shell/ProblemNote";
import { problemWords } from "../shell/problemWords";
import { words } from "./words";

const MOST = 100;
const REASONS: ClosingReason[] = ["solved", "informed", "kept_promise", "no_fault", "duplicate"];

const KINDS = ["note", "resolve", "transfer"] as const;

type Kind = (typeof KINDS)[number];
type Props = {
  rows: readonly ListedShape[];
  chosen: ReadonlySet<string>;
  /** With the keys of those with which it could not be done: they stay chosen. */
  onDone: (failed: ReadonlySet<string>) => void;
  onClear: () => void;
};

/**
 * One thing done to all that are chosen, there while any are; each has its own answer, which stays
 * to be read, and nothing goes to consumers.
 */
export function BulkBar({ rows, chosen, onDone, onClear }: Props) {
  const said = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  const [wanted, setKind] = useState<Kind>("note");
  // Whoever looks at one of them first finds the note where they left it.
  const name = `many.${useSession().agent}`;
  const [text, write] = useDraft(name);
  const setText = (text: string) => {
    // What is written from the beginning is something new.
    if (text === "") answered(name);
    write(text);
  };
  const [reason, setReason] = useState<ClosingReason>("solved");
  const tried = useRef({ what: "", key: "" });
  const cases = rows.filter((row) => chosen.has(keyOf(row)));
  // What lies with the platform cannot be given to it.
  const kinds = cases.every((one) => one.desk === "platform") ? KINDS.slice(0, 2) : KINDS;
  const kind = kinds.includes(wanted) ? wanted : "note";
  const deed = {
    note: { do: "note", text: text.trim(), audience: "internal" },
    resolve: { do: "resolve", reason },
    transfer: { do: "transfer", desk: "platform", reason: "bulk" },
  }[kind] as Many["deed"];
  // Tried again after a lost line it counts once, a note after a reload, too; after an answer it is
  // a new attempt, and something else is one as well.
  const key = () => {
    if (kind === "note") return attemptOf(name, deed);
    const what = JSON.stringify(deed);
    if (tried.current.what !== what) tried.current = { what, key: newKey() };
    return tried.current.key;
  };
  const renew = () => {
    tried.current = { what: "", key: "" };
    answered(name);
  };
  const acting = useMutation({
    mutationFn: (sent: readonly ListedShape[]) =>
      answer(
        api.POST("/v1/desk/many", {
          params: { header: once(key()) },
          body: {
            deed,
            cases: sent.map(({ consumer, conversation, case: number }) => ({
              ...{ consumer, conversation, case: number },
            })),
          },
        }),
      ),
    onSuccess: ({ items }) => {
      renew();
      const failed = new Set(items.filter((one) => !one.done).map(keyOf));
      if (failed.size === 0) setText("");
      onDone(failed);
    },
    onError: (error) => {
      if (!(error instanceof Problem)) throw error;
      if (error.refuses) renew();
    },
  });
  const nameOf = (row: ListedShape | undefined, number: number) =>
    row ? `${plainText(row.name || said.consumer)} · ${code(row.issue)} #${number}` : `#${number}`;
  const whyNot = (why: string) => problemWords(new Problem(why, 409, "", "", 0), language);
  // As they were when it was sent: the list may be without them by now.
  const sent = new Map(acting.variables?.map((row) => [keyOf(row), row]));
  const not = acting.data?.items.filter((one) => !one.done) ?? [];
  const ready = cases.length > 0 && cases.length <= MOST && (kind !== "note" || text.trim());
  if (cases.length === 0 && !acting.data) return null;
  return (
    <Paper
      withBorder
      shadow="sm"
      p="xs"
      component="section"
      aria-label={said.bulk}
      className="bulk-bar"
    >
      <Stack gap="xs">
        {cases.length > 0 && (
          <Group align="end" gap="sm">
            <Text size="sm" fw={600} aria-live="polite" lh="30px">
              {cases.length > MOST ? said.most : said.chosen(cases.length)}
            </Text>
            <Select
              size="xs"
              label={said.deed}
              allowDeselect={false}
              value={kind}
              data={kinds.map((value) => ({ value, label: said[value] }))}
              onChange={(picked) => picked && setKind(picked as Kind)}
            />
            {kind === "note" && (
              <TextInput
                size="xs"
                label={said.text}
                maxLength={2_000}
                value={text}
                flex="1 1 220px"
                onChange={(event) => setText(event.currentTarget.value)}
              />
            )}
            {kind === "resolve" && (
              <Select
                size="xs"
                label={said.reason}
                allowDeselect={false}
                value={reason}
                data={REASONS.map((value) => ({ value, label: code(value) }))}
                onChange={(picked) => picked && setReason(picked as ClosingReason)}
              />
            )}
            <Button
              size="xs"
              disabled={!ready}
              loading={acting.isPending}
              onClick={() => acting.mutate(cases)}
            >
              {said.go(cases.length)}
            </Button>
            <Button size="xs" variant="subtle" onClick={onClear}>
              {said.unchoose}
            </Button>
          </Group>
        )}
        {acting.error && <ProblemNote error={acting.error} />}
        {acting.data && (
          <Alert
            p="xs"
            role="status"
            color={not.length ? "orange" : "green"}
            variant="light"
            withCloseButton
            closeButtonLabel={said.close}
            onClose={() => {
              acting.reset();
              if (cases.length === 0) onClear();
            }}
          >
            {said.outcome(acting.data.items.length - not.length, not.length)}
            {not.length > 0 && (
              <ul>
                {not.map((one) => (
                  <li key={keyOf(one)}>
                    <Anchor component={Link} href={hrefOf(one)} size="sm">
                      {nameOf(sent.get(keyOf(one)), one.case)}
                    </Anchor>
                    {said.why(whyNot(one.code ?? ""))}
                  </li>
                ))}
              </ul>
            )}
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}
