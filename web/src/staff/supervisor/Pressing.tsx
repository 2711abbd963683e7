import { Badge, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { ahead } from "../../shared/format";
import { useLanguage, useWords } from "../../shared/words";
import type { CasesProps } from "./CaseActions";
import { CaseCell } from "./CaseCell";
import { AGAIN_MS, WATCHED, Watched } from "./Watched";
import { whose } from "./wall";
import { words } from "./words";

/** Waiting or in hand: what has missed a deadline, then whose next one passes first. */
export function Pressing(cases: CasesProps) {
  const { desk, agents } = cases;
  const said = useWords(words);
  const { language } = useLanguage();
  const query = useQuery({
    queryKey: ["wall", "pressing", desk],
    queryFn: () =>
      answer(api.GET("/v1/desk/wall/pressing", { params: { query: { desk, limit: WATCHED } } })),
    refetchInterval: AGAIN_MS,
  });
  return (
    <Watched
      {...cases}
      title={said.pressing}
      none={said.noPressing}
      query={query}
      head={[said.case, said.agent, said.due, said.actions]}
      cells={(row, now) => (
        <>
          <Table.Th scope="row">
            <CaseCell row={row} />
          </Table.Th>
          <Table.Td>{row.agent ? whose(row.agent, agents) : said.nobody}</Table.Td>
          <Table.Td>
            {ahead(row.due_at, now, language)}
            {row.late && (
              <Badge ml="xs" color="red" variant="light">
                {said.overdue}
              </Badge>
            )}
          </Table.Td>
        </>
      )}
    />
  );
}
