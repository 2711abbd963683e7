import { Anchor, Badge, Group, Stack, Text } from "@mantine/core";
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { Link } from "wouter";
import { answer, api } from "../../api/client";
import { Problem } from "../../api/problems";
import type { FlagShape } from "../../api/schema";
import { exactly } from "../../shared/format";
import { plainText } from "../../shared/plainText";
import { useOnce } from "../../shared/useOnce";
import { useLanguage, useWords } from "../../shared/words";
import { Do } from "../admin/common/Do";
import { hrefOf } from "../desk/address";
import { ProblemNote } from "../shell/ProblemNote";
import { words } from "./words";

export const KEY = ["desk", "flags"] as const;

type Props = {
  flags: readonly [FlagShape, ...FlagShape[]];
  /** Reads the list on until more than these of the conversation are there. */
  readOn: () => Promise<void>;
};

/** What was flagged in one conversation, with its words, and what somebody makes of all of it. */
export function Flagged({ flags, readOn }: Props) {
  const said = useWords(words);
  const queries = useQueryClient();
  const { consumer, conversation } = flags[0];
  const path = { consumer, conversation };
  const item = useRef<HTMLLIElement>(null);
  const found = useQueries({
    queries: flags.map((one) => ({
      queryKey: [...KEY, "message", one.message],
      queryFn: () => readMessage(one),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const again = () => queries.invalidateQueries({ queryKey: KEY, exact: true });
  const give = useOnce();
  const review = async (outcome: "cleared" | "upheld") => {
    const body = { seen: flags.length, outcome };
    try {
      await give(body, (header) =>
        answer(
          api.POST("/v1/desk/cases/{consumer}/{conversation}/flags/review", {
            params: { path, header },
            body,
          }),
        ),
      );
    } catch (error) {
      // More was flagged meanwhile, or stands further down: it is shown, and nothing was reviewed.
      const more = error instanceof Problem && error.code === "flags_changed";
      await (more ? readOn() : again());
      throw error;
    }
    goOn(item.current);
    await again();
  };
  return (
    <li ref={item} tabIndex={-1}>
      <Stack gap="xs">
        {flags.map((one, number) => (
          <OneFlag
            key={one.message}
            flag={one}
            text={found[number]?.data}
            error={found[number]?.error}
          />
        ))}
        <Group gap="xs" align="flex-start">
          <Do
            label={said.clear}
            act={() => review("cleared")}
            size="compact-sm"
            variant="default"
          />
          <Do
            label={said.uphold}
            act={() => review("upheld")}
            size="compact-sm"
            color="red"
            variant="light"
          />
          <Anchor component={Link} size="sm" href={hrefOf(flags[0])}>
            {said.open}
          </Anchor>
        </Group>
      </Stack>
    </li>
  );
}

/** Whoever goes through them by keys is at the next, after the last at the one before it, and where no
 * other is left at the page's beginning. At none of its buttons: a key that is still down would
 * review what nobody has read. */
function goOn(done: HTMLElement | null): void {
  const { activeElement: hand, body } = document;
  if (hand !== body && !done?.contains(hand)) return;
  const next = done?.nextElementSibling ?? done?.previousElementSibling;
  (next instanceof HTMLElement ? next : document.getElementById("content"))?.focus();
}

function OneFlag({
  flag,
  text,
  error,
}: {
  flag: FlagShape;
  text: string | undefined;
  error: unknown;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const word = (kind: string) => (said as Record<string, unknown>)[kind] ?? kind;
  return (
    <div>
      <Group gap={6}>
        <Text size="sm" fw={600}>
          {String(word(flag.by))}
          {flag.name && (
            <>
              {" "}
              <bdi>{plainText(flag.name)}</bdi>
            </>
          )}
        </Text>
        <Text size="sm" component="time" dateTime={flag.at}>
          {exactly(flag.at, language)}
        </Text>
        {flag.kinds.map((kind) => (
          <Badge key={kind} variant="default">
            {String(word(kind))}
          </Badge>
        ))}
      </Group>
      {error && text === undefined ? (
        <ProblemNote error={error} />
      ) : (
        <p className="said-as-written">{text === undefined ? "…" : text || said.noText}</p>
      )}
    </div>
  );
}

/** What the flagged message says, as reviewers may see it; "" where it was erased, or is a picture. */
async function readMessage(flag: FlagShape): Promise<string> {
  const { consumer, conversation, version, message } = flag;
  const found = await answer(
    api.GET("/v1/desk/cases/{consumer}/{conversation}/messages", {
      params: { path: { consumer, conversation }, query: { after: version - 1, limit: 10 } },
    }),
  );
  return plainText(found.items.find((one) => one.id === message)?.text ?? "");
}
