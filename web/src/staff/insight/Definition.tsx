import { SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { FigureShape } from "../../api/schema";
import { useLanguage, useWords } from "../../shared/words";
import { words } from "./words";

/** What a figure means, as the service itself defines it. */
export function Definition({ figure }: { figure: FigureShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const parts = [
    [said.numerator, figure.numerator],
    [said.denominator, figure.denominator],
    [said.excluded, figure.excluded],
  ] as const;
  return (
    <Stack gap="xs" component="section" aria-label={said.what}>
      <Title order={2} size="h4">
        {figure.title[language]}
      </Title>
      <Text>{figure.definition[language]}</Text>
      <SimpleGrid component="dl" m={0} cols={{ base: 1, sm: 3 }} verticalSpacing="xs">
        {parts.map(([name, text]) => (
          <div key={name}>
            <Text component="dt" size="sm" fw={600}>
              {name}
            </Text>
            <Text component="dd" size="sm" m={0}>
              {text[language]}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
