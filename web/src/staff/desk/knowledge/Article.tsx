import { Badge, Text } from "@mantine/core";
import type { ArticleShape } from "../../../api/schema";
import { day } from "../../../shared/format";
import { plainText } from "../../../shared/plainText";
import { useLanguage, useWords } from "../../../shared/words";
import { words } from "./words";

/** One article, closed until it is wanted; its text as text: paragraphs and lists, nothing else. */
export function Article({ shown }: { shown: ArticleShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { article } = shown;
  const { title, body } = article[language];
  return (
    <li>
      <details className="article">
        <summary>
          {plainText(title)}
          {shown.expired && (
            <Badge size="sm" color="red" variant="filled" autoContrast ml="xs">
              {said.expired}
            </Badge>
          )}
        </summary>
        {blocks(body).map((block) =>
          block.items ? (
            <ul key={block.text}>
              {block.items.map((item) => (
                <li key={item}>{item}</li>
              ))}
            </ul>
          ) : (
            <p key={block.text}>{block.text}</p>
          ),
        )}
        <Text size="xs" className="quiet">
          {said.about(article.owner, shown.version)}
          {article.expires_at && ` · ${said.until(day(article.expires_at, language))}`}
        </Text>
        {article.source && (
          <Text size="xs" className="quiet">
            {said.source(article.source)}
          </Text>
        )}
      </details>
    </li>
  );
}

type Block = { text: string; items?: string[] };

/** An empty line ends a paragraph; lines that begin with a dash are a list. */
export function blocks(body: string): Block[] {
  return plainText(body)
    .split(/\n\s*\n/)
    .map((text) => text.trim())
    .filter(Boolean)
    .map((text) => {
      const lines = text.split("\n").map((line) => line.trim());
      return lines.every((line) => line.startsWith("- "))
        ? { text, items: lines.map((line) => line.slice(2)) }
        : { text };
    });
}
