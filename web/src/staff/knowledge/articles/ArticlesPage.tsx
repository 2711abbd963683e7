import { Anchor, Badge, Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import type { ArticleShape } from "../../../api/schema";
import { useLanguage, useWords } from "../../../shared/words";
import { Asked, More, usePages } from "../../admin/common/Asked";
import { Empty, Frame } from "../../common/Frame";
import { Expiry } from "./Expiry";
import { useDeskWords } from "./useDeskWords";
import { words } from "./words";

const PAUSE_MS = 250;
const LISTINGS = ["expiring", "latest", "retired"] as const;
type Listing = (typeof LISTINGS)[number];

/** All articles that one may read: what expires first on top, because somebody has to look at it. */
export function ArticlesPage() {
  const said = useWords(words);
  const [typed, setTyped] = useState("");
  const [wanted] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const [listing, setListing] = useState<Listing>("expiring");
  const query = usePages(["desk", "articles", "written", listing, wanted], (cursor) =>
    answer(
      api.GET("/v1/desk/articles", {
        params: { query: { words: wanted, listing, ...(cursor ? { cursor } : {}) } },
      }),
    ),
  );
  return (
    <Frame
      title={said.title}
      about={said.about}
      actions={
        <Button component={Link} href="/knowledge/articles/new">
          {said.add}
        </Button>
      }
    >
      <Group align="flex-end">
        <TextInput
          label={said.find}
          type="search"
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <NativeSelect
          label={said.listing}
          value={listing}
          data={LISTINGS.map((value) => ({ value, label: said[value] }))}
          onChange={(event) => setListing(event.currentTarget.value as Listing)}
        />
      </Group>
      <Asked query={query}>
        {(articles) => {
          if (articles.length > 0) return <Rows articles={articles} label={said.title} />;
          if (query.hasNextPage) return null;
          return wanted || listing === "retired" ? (
            <Empty title={said.noneFound} hint={wanted ? said.noneFoundWhy : ""} />
          ) : (
            <Empty title={said.none} hint={said.noneWhy} />
          );
        }}
      </Asked>
      <More query={query} />
    </Frame>
  );
}

function Rows({ articles, label }: { articles: readonly ArticleShape[]; label: string }) {
  return (
    <ul className="knowledge-list" aria-label={label}>
      {articles.map((one) => (
        <Row key={one.id} one={one} />
      ))}
    </ul>
  );
}

function Row({ one }: { one: ArticleShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { article } = one;
  const desks = article.desks ?? [];
  const desk = useDeskWords(desks);
  const other = language === "zh" ? "en" : "zh";
  return (
    <li>
      <Group justify="space-between" gap="xs">
        <Anchor component={Link} href={`/knowledge/articles/${one.id}`} fw={600}>
          {article[language].title}
        </Anchor>
        <Group gap={4}>
          <Badge variant="default">
            {desks.length > 0 ? desks.map(desk).join(", ") : said.everybody}
          </Badge>
          <Expiry of={one} />
        </Group>
      </Group>
      <Text size="sm" lang={other}>
        {article[other].title}
      </Text>
      <Text size="sm" c="dimmed">
        {said.byline(article.owner, one.version)}
      </Text>
    </li>
  );
}
