import { Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { useLanguage, useWords } from "../../shared/words";
import type { CasesProps } from "./CaseActions";
import { CaseCell } from "./CaseCell";
import { AGAIN_MS, WATCHED, Watched } from "./Watched";
import { waited, whose } from "./wall";
import { words } from "./words";

/** In whose hands a consumer waits longest for a word, before it becomes a breach. */
export function Silent(cases: CasesProps) {
  const { desk, agents } = cases;
  const said = useWords(words);
  const { language } = useLanguage();
  const query = useQuery({
    queryKey: ["wall", "silent", desk],
    queryFn: () =>
      answer(api.GET("/v1/desk/wall/silent", { params: { query: { desk, limit: WATCHED } } })),
    select: ({ items }) => ({ items: items.map(({ case: row, since }) => ({ ...row, since })) }),
    refetchInterval: AGAIN_MS,
  });
  return (
    <Watched
      {...cases}
      title={said.silent}
      none={said.noSilent}
      query={query}
      head={[said.agent, said.case, said.since, said.actions]}
      cells={(row, now) => (
        <>
          <Table.Th scope="row">{whose(row.agent, agents)}</Table.Th>
          <Table.Td>
            <CaseCell row={row} />
          </Table.Td>
          <Table.Td>{waited(row.since, now, language)}</Table.Td>
        </>
      )}
    />
  );
}
