import { Paper, Text, UnstyledButton } from "@mantine/core";
import type { FigureShape } from "../../api/schema";
import { lasting } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import { ProblemNote } from "../shell/ProblemNote";
import { OF, shown, type Total } from "./figures";
import { words } from "./words";

type Props = { figure: FigureShape; total: Total; chosen: boolean; onChoose: () => void };

/** One figure of all these days, and of how many; a tap shows it below. */
export function Tile({ figure, total, chosen, onChoose }: Props) {
  const said = useWords(words);
  const { language } = useLanguage();
  const value = total.data?.items[0];
  const has = value !== undefined && value.denominator > 0;
  if (total.error) return <ProblemNote error={total.error} />;
  const of = OF[figure.name];
  const details = [
    has && value.median != null ? `${said.median} ${lasting(value.median, language)}` : "",
    has ? said[of](value.denominator) : "",
    figure.better === "more" ? said.better : said.worse,
  ];
  return (
    <UnstyledButton onClick={onChoose} aria-pressed={chosen} h="100%">
      <Paper
        withBorder
        p="sm"
        h="100%"
        bd={chosen ? "2px solid var(--mantine-primary-color-filled)" : ""}
      >
        <Text size="sm">{figure.title[language]}</Text>
        <Text fz={{ base: 18, xs: 26 }} fw={700} {...(has ? {} : { c: "dimmed" })}>
          {has
            ? shown(value, figure.unit, total.data?.currency ?? "", language)
            : total.isPending
              ? "…"
              : said.none}
        </Text>
        <Text size="xs" c="dimmed">
          {details.filter(Boolean).join(" · ")}
        </Text>
      </Paper>
    </UnstyledButton>
  );
}
