import { Paper, Text, UnstyledButton } from "@mantine/core";
import type { FigureShape } from "../../api/schema";
import { useLanguage, useWords } from "../../shared/words";
import { ProblemNote } from "../shell/ProblemNote";
import { lasting, type Span, shown, useValues } from "./figures";
import { words } from "./words";

/** One figure of all these days; a tap shows it below. */
export function Tile({
  figure,
  span,
  chosen,
  onChoose,
}: {
  figure: FigureShape;
  span: Span;
  chosen: boolean;
  onChoose: () => void;
}) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { data, error } = useValues(figure.name, span, "total");
  const value = data?.items[0];
  if (error) return <ProblemNote error={error} />;
  return (
    <UnstyledButton onClick={onChoose} aria-pressed={chosen}>
      <Paper withBorder p="sm" bd={chosen ? "2px solid var(--mantine-primary-color-filled)" : ""}>
        <Text size="sm">{figure.title[language]}</Text>
        <Text fz={26} fw={700}>
          {value && value.denominator > 0
            ? shown(value, figure.unit, data?.currency ?? "", language)
            : said.none}
        </Text>
        <Text size="xs">
          {value && value.denominator > 0 && figure.unit === "seconds" && value.median != null
            ? `${said.median} ${lasting(value.median, language)}`
            : `${value?.denominator ?? 0} · ${figure.better === "more" ? said.better : said.worse}`}
        </Text>
      </Paper>
    </UnstyledButton>
  );
}
