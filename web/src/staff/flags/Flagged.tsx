import { Anchor, Badge, Group, Stack, Text } from "@mantine/core";
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { answer, api, newKey, once } from "../../api/client";
import type { FlagShape } from "../../api/schema";
import { exactly } from "../../shared/format";
import { plainText } from "../../shared/plainText";
import { useLanguage, useWords } from "../../shared/words";
import { Do } from "../admin/common/Do";
import { hrefOf } from "../desk/address";
import { words } from "./words";

export const KEY = ["desk", "flags"] as const;

/** What was flagged in one conversation, with its words, and what somebody makes of all of it. */
export function Flagged({ flags }: { flags: readonly [FlagShape, ...FlagShape[]] }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const { consumer, conversation } = flags[0];
  const path = { consumer, conversation };
  const found = useQueries({
    queries: flags.map((one) => ({
      queryKey: [...KEY, "message", one.message],
      queryFn: () => readMessage(one),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const review = async (outcome: "cleared" | "upheld") => {
    try {
      await answer(
        api.POST("/v1/desk/cases/{consumer}/{conversation}/flags/review", {
          params: { path, header: once(newKey()) },
          body: { seen: flags.length, outcome },
        }),
      );
    } finally {
      // Also where more was flagged meanwhile: then it is shown, and nothing was reviewed.
      await queries.invalidateQueries({ queryKey: KEY, exact: true });
    }
  };
  return (
    <li>
      <Stack gap="xs">
        {flags.map((one, number) => (
          <OneFlag key={one.message} flag={one} text={found[number]?.data} />
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

function OneFlag({ flag, text }: { flag: FlagShape; text: string | undefined }) {
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
      <p className="said-as-written">{text === undefined ? "…" : text || said.noText}</p>
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
