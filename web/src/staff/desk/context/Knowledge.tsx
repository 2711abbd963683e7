import { Anchor, Badge, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import type { ArticleShape, ConversationShape } from "../../../api/schema";
import { day } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { lastDay } from "../../knowledge/articles/Expiry";
import { mayWrite } from "../../knowledge/mayWrite";
import { useSession } from "../../session/session";
import { ProblemNote } from "../../shell/ProblemNote";
import type { Case } from "../case/openCase";
import { Part } from "./Part";
import { words } from "./words";

const PAUSE_MS = 200;

/** Articles that fit the case, or those in which one's own words stand. */
export function Knowledge({
  conversation,
  about,
}: {
  conversation: ConversationShape;
  about: Case;
}) {
  const said = useWords(words);
  const session = useSession();
  const [typed, setTyped] = useState("");
  const [wanted] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const { data, error } = useQuery({
    queryKey: ["desk", "articles", conversation.id, about.number, about.issue, wanted],
    queryFn: () =>
      wanted
        ? answer(api.GET("/v1/desk/articles", { params: { query: { words: wanted } } }))
        : answer(
            api.GET("/v1/desk/cases/{consumer}/{conversation}/{case}/articles", {
              params: {
                path: {
                  consumer: conversation.consumer,
                  conversation: conversation.id,
                  case: about.number,
                },
              },
            }),
          ),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return (
    <Part title={said.knowledge}>
      <TextInput
        size="xs"
        aria-label={said.findArticle}
        placeholder={said.findArticle}
        maxLength={100}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {error && !data && <ProblemNote error={error} />}
      {data?.items.length === 0 && (
        <Text size="xs" className="quiet">
          {said.noArticle}
        </Text>
      )}
      {data?.items.map((one) => (
        <Article key={one.id} found={one} />
      ))}
      {(session.supervised.length > 0 || session.role === "admin") && (
        <Anchor component={Link} size="xs" href="/knowledge/articles/new">
          {said.writeArticle}
        </Anchor>
      )}
    </Part>
  );
}

function Article({ found }: { found: ArticleShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const session = useSession();
  const { article } = found;
  return (
    <details className="article">
      <summary>
        {article[language].title}{" "}
        {found.expired && (
          <Badge size="xs" variant="outline" color="red">
            {said.expired}
          </Badge>
        )}
      </summary>
      <p className="text">{article[language].body}</p>
      <Text size="xs" className="quiet">
        {said.articleBy(article.owner, found.version)}
        {article.expires_at && ` · ${said.until(day(lastDay(article.expires_at), language))}`}
      </Text>
      {mayWrite(session, article) && (
        <Anchor component={Link} size="xs" href={`/knowledge/articles/${found.id}`}>
          {said.editArticle}
        </Anchor>
      )}
    </details>
  );
}
