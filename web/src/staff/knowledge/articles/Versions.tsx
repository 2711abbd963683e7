import { Button, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import type { ArticleShape } from "../../../api/schema";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Asked } from "../../admin/common/Asked";
import { writer } from "../who";
import { words } from "./words";

/** All that an article ever said, the latest first; from any of them one can go on. */
export function Versions({
  of,
  onRestart,
}: {
  of: ArticleShape;
  onRestart?: (old: ArticleShape) => void;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const query = useQuery({
    queryKey: ["desk", "articles", "versions", of.id, of.version],
    queryFn: () =>
      answer(
        api.GET("/v1/desk/articles/{article}/versions", { params: { path: { article: of.id } } }),
      ),
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {said.history}
      </Title>
      <Asked query={query}>
        {({ items }) => (
          <ul className="knowledge-list versions" aria-label={said.history}>
            {items.map((one) => (
              <li key={one.version}>
                <details>
                  <summary>
                    {said.version(
                      one.version,
                      exactly(one.changed_at, language),
                      writer(one.changed_by),
                    )}
                  </summary>
                  <Stack gap="xs">
                    <Text fw={600}>{one.article[language].title}</Text>
                    <p className="said-as-written">{one.article[language].body}</p>
                    <Text size="sm" c="dimmed">
                      {said.byline(one.article.owner, one.version)}
                    </Text>
                    {onRestart && one.version !== of.version && (
                      <div>
                        <Button size="compact-sm" variant="default" onClick={() => onRestart(one)}>
                          {said.restart}
                        </Button>
                      </div>
                    )}
                  </Stack>
                </details>
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </Stack>
  );
}
