import { Alert, Anchor, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { answer, api } from "../../../api/client";
import type { ArticleShape } from "../../../api/schema";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Asked } from "../../admin/common/Asked";
import { Frame } from "../../common/Frame";
import { useSession } from "../../session/session";
import { mayWrite, writesForAll } from "../mayWrite";
import { useKept } from "../useKept";
import { writer } from "../who";
import { ArticleForm } from "./ArticleForm";
import { Expiry } from "./Expiry";
import { Retire } from "./Retire";
import { Versions } from "./Versions";
import { words } from "./words";
import { blank, type Writing, written } from "./writing";

/** One article: what it says and said, and its next version; `new` is one that nobody has seen. */
export function ArticlePage({ id }: { id: string }) {
  return id === "new" ? <NewArticle /> : <Standing id={id} />;
}

function NewArticle() {
  const said = useWords(words);
  const session = useSession();
  const { kept, keep, forget, move } = useKept<Writing>("article.new");
  const [, go] = useLocation();
  // The same id for each try, so that nothing is written twice.
  const [first] = useState(() => blank(writesForAll(session) ? [] : [...session.supervised]));
  return (
    <Frame title={said.fresh} about={said.unseen} actions={<All />}>
      <ArticleForm
        writing={kept ?? first}
        before={null}
        keep={keep}
        forget={forget}
        onThere={(writing) => {
          move(`article.${writing.id}`, writing);
          go(`/knowledge/articles/${writing.id}`, { replace: true });
        }}
      />
    </Frame>
  );
}

function Standing({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ["desk", "articles", "one", id],
    queryFn: () =>
      answer(api.GET("/v1/desk/articles/{article}", { params: { path: { article: id } } })),
  });
  return <Asked query={query}>{(found) => <OneArticle found={found} />}</Asked>;
}

function OneArticle({ found }: { found: ArticleShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const session = useSession();
  const { kept, keep, forget } = useKept<Writing>(`article.${found.id}`);
  const { article, version } = found;
  const mine = mayWrite(session, article);
  const actions = (
    <>
      {mine && !found.retired && <Retire found={found} />}
      <All />
    </>
  );
  return (
    <Frame
      title={article[language].title}
      about={said.standing(version, exactly(found.changed_at, language), writer(found.changed_by))}
      actions={actions}
    >
      <div>
        <Expiry of={found} />
      </div>
      {found.retired && <Alert color="yellow">{said.isRetired}</Alert>}
      {mine ? (
        <ArticleForm
          writing={kept ?? written(article, found.id, version)}
          changed={kept !== null}
          before={found}
          keep={keep}
          forget={forget}
        />
      ) : (
        <Read found={found} />
      )}
      <Versions
        of={found}
        {...(mine && {
          onRestart: (old: ArticleShape) => keep(written(old.article, found.id, version)),
        })}
      />
    </Frame>
  );
}

function Read({ found }: { found: ArticleShape }) {
  const said = useWords(words);
  return (
    <Stack gap="xs">
      <Text>{said.readOnly}</Text>
      {(["zh", "en"] as const).map((one) => (
        <section key={one} lang={one}>
          <Title order={2} size="h4">
            {found.article[one].title}
          </Title>
          <p className="said-as-written">{found.article[one].body}</p>
        </section>
      ))}
    </Stack>
  );
}

function All() {
  const said = useWords(words);
  return (
    <Anchor component={Link} href="/knowledge/articles">
      {said.back}
    </Anchor>
  );
}
