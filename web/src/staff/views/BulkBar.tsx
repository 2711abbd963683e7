import { Alert, Button, Group, Select, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { answer, api, newKey, once } from "../../api/client";
import { Problem } from "../../api/problems";
import type { ClosingReason, ListedShape, Many } from "../../api/schema";
import { useWords } from "../../shared/words";
import { keyOf } from "../desk/address";
import { useCode } from "../desk/useCode";
import { ProblemNote } from "../shell/ProblemNote";
import { words } from "./words";

const MOST = 100;
const REASONS: ClosingReason[] = ["solved", "informed", "kept_promise", "no_fault", "duplicate"];

const KINDS = ["note", "resolve", "transfer"] as const;

type Kind = (typeof KINDS)[number];
type Props = {
  rows: readonly ListedShape[];
  chosen: ReadonlySet<string>;
  onDone: () => void;
};

/** One thing done to all that are chosen; each has its own answer, and nothing goes to consumers. */
export function BulkBar({ rows, chosen, onDone }: Props) {
  const said = useWords(words);
  const code = useCode();
  const [wanted, setKind] = useState<Kind>("note");
  const [text, setText] = useState("");
  const [reason, setReason] = useState<ClosingReason>("solved");
  const key = useRef(newKey());
  const cases = rows.filter((row) => chosen.has(keyOf(row)));
  // What lies with the platform cannot be given to it.
  const kinds = cases.every((one) => one.desk === "platform") ? KINDS.slice(0, 2) : KINDS;
  const kind = kinds.includes(wanted) ? wanted : "note";
  const deed = {
    note: { do: "note", text: text.trim(), audience: "internal" },
    resolve: { do: "resolve", reason },
    transfer: { do: "transfer", desk: "platform", reason: "bulk" },
  }[kind] as Many["deed"];
  const acting = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/desk/many", {
          params: { header: once(key.current) },
          body: {
            deed,
            cases: cases.map(({ consumer, conversation, case: number }) => ({
              ...{ consumer, conversation, case: number },
            })),
          },
        }),
      ),
    onSuccess: () => {
      // Whatever is done next is something else.
      key.current = newKey();
      setText("");
      onDone();
    },
    onError: (error) => {
      // Tried again after a lost line it counts once; after a no it is a new attempt.
      if (!(error instanceof Problem)) throw error;
      if (!error.passes) key.current = newKey();
    },
  });
  const not = acting.data?.items.filter((one) => !one.done) ?? [];
  const ready = cases.length > 0 && cases.length <= MOST && (kind !== "note" || text.trim());
  return (
    <section aria-label={said.deed} className="bulk-bar">
      <Text size="xs" role="status">
        {cases.length > MOST ? said.most : said.chosen(cases.length)}
      </Text>
      <Group align="end" gap="sm">
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
          onClick={() => acting.mutate()}
        >
          {said.go(cases.length)}
        </Button>
      </Group>
      {acting.error && <ProblemNote error={acting.error} />}
      {acting.data && (
        <Alert p="xs" role="status" color={not.length ? "orange" : "green"} variant="light">
          {said.outcome(acting.data.items.length - not.length, not.length)}
          {not.length > 0 && (
            <ul>
              {not.map((one) => (
                <li key={keyOf(one)}>{said.why(`#${one.case}`, one.code ?? "")}</li>
              ))}
            </ul>
          )}
        </Alert>
      )}
    </section>
  );
}
