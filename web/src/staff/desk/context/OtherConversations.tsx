import { Anchor, Button, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import type { ConversationShape } from "../../../api/schema";
import { exactly, time } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { hrefOf } from "../address";
import { caseMeant } from "../case/openCase";
import { useCode } from "../useCode";
import { Part } from "./Part";
import { words } from "./words";

const PAGE = 10;

/** What else this consumer has or had with us, the last changed first; for the platform's people. */
export function OtherConversations({ conversation }: { conversation: ConversationShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const code = useCode();
  const { consumer } = conversation;
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["desk", "conversations", consumer],
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      const params = { path: { consumer }, query };
      return answer(api.GET("/v1/desk/consumers/{consumer}/conversations", { params }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
  const others = (data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((one) => one.id !== conversation.id);
  return (
    <Part title={said.others}>
      {error && <ProblemNote error={error} />}
      {data && others.length === 0 && !hasNextPage && (
        <Text size="sm" className="quiet">
          {said.noOthers}
        </Text>
      )}
      <ul className="others-list">
        {others.map((one) => {
          const about = caseMeant(one, null);
          if (!about) return null;
          const changed = one.changed_at ?? one.opened_at;
          return (
            <li key={one.id}>
              <Anchor
                component={Link}
                size="sm"
                href={hrefOf({ consumer, conversation: one.id, case: about.number })}
              >
                {code(about.issue)} #{about.number}
              </Anchor>{" "}
              <Text size="xs" span className="quiet">
                {code(about.status)} ·{" "}
                <time dateTime={changed} title={exactly(changed, language)}>
                  {time(changed, language)}
                </time>
              </Text>
            </li>
          );
        })}
      </ul>
      {hasNextPage && (
        <Button
          size="compact-xs"
          variant="default"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {said.moreOthers}
        </Button>
      )}
    </Part>
  );
}
