import { Loader, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { Part } from "../context/Part";
import { Article } from "./Article";
import { words } from "./words";

const SEARCH_MS = 250;
const FOUND_MAX = 10;

type Props = { consumer: string; conversation: string; case: number; issue: string };

/** What helps with this case, and whatever else is known, found by words of either language. */
export function Knowledge({ consumer, conversation, case: number, issue }: Props) {
  const said = useWords(words);
  const [typed, setTyped] = useState("");
  const [searched] = useDebouncedValue(typed.trim(), SEARCH_MS);
  const path = { consumer, conversation, case: number };
  const { data, error } = useQuery({
    queryKey: ["desk", "articles", searched || { ...path, issue }],
    queryFn: async () => {
      if (!searched) {
        const route = "/v1/desk/cases/{consumer}/{conversation}/{case}/articles";
        return (await answer(api.GET(route, { params: { path } }))).items;
      }
      const query = { words: searched, limit: FOUND_MAX };
      return (await answer(api.GET("/v1/desk/articles", { params: { query } }))).items;
    },
    staleTime: 60_000,
  });
  const none = searched ? said.noneFound : said.noneSuggested;
  return (
    <Part title={said.title}>
      <TextInput
        size="xs"
        type="search"
        aria-label={said.search}
        placeholder={said.search}
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div role="status">
        {!data && !error && <Loader size="xs" aria-label={said.loading} />}
        {data?.length === 0 && (
          <Text size="sm" className="quiet">
            {none}
          </Text>
        )}
      </div>
      {error && <ProblemNote error={error} />}
      {data && data.length > 0 && (
        <ul className="articles" aria-label={searched ? said.found : said.suggested}>
          {data.map((one) => (
            <Article key={one.id} shown={one} />
          ))}
        </ul>
      )}
    </Part>
  );
}
