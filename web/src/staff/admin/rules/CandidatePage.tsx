import { Anchor, Stack, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { answer, api } from "../../../api/client";
import { exactly } from "../../../shared/format";
import { useColon, useLanguage, useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { Asked } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { Changes } from "./Changes";
import { Publish } from "./Publish";
import { Trial } from "./Trial";
import { words } from "./words";

const POLL_MS = 1_000;

/** A candidate: what it would change, what it would have decided, and from when it could hold. */
export function CandidatePage({ candidate }: { candidate: string }) {
  const said = useWords(words);
  const colon = useColon();
  const { language } = useLanguage();
  const path = { candidate };
  const standing = useQuery({
    queryKey: ["admin", "candidate", candidate],
    queryFn: () => answer(api.GET("/v1/admin/candidates/{candidate}", { params: { path } })),
    refetchInterval: ({ state }) =>
      state.data?.candidate.trial?.status === "running" ? POLL_MS : false,
  });
  const difference = useQuery({
    queryKey: ["admin", "candidate", candidate, "difference"],
    queryFn: () =>
      answer(api.GET("/v1/admin/candidates/{candidate}/difference", { params: { path } })),
  });
  return (
    <Asked query={standing}>
      {(found) => (
        <Frame
          title={`${said.candidates}${colon}${found.candidate.market} ${found.candidate.version}`}
          about={`${said.made} ${exactly(found.candidate.made_at, language)}`}
          actions={
            <>
              <Anchor component={Link} href="/admin/rules">
                {said.back}
              </Anchor>
              <Remove candidate={candidate} />
            </>
          }
        >
          <Stack gap="xs">
            <Title order={2} size="h4">
              {said.whatChanges}
            </Title>
            <Asked query={difference}>{(changes) => <Changes found={changes} />}</Asked>
          </Stack>
          <Trial candidate={found.candidate} />
          <Publish standing={found} />
        </Frame>
      )}
    </Asked>
  );
}

function Remove({ candidate }: { candidate: string }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [, go] = useLocation();
  const remove = async () => {
    await answer(
      api.DELETE("/v1/admin/candidates/{candidate}", { params: { path: { candidate } } }),
    );
    go("/admin/rules");
    await queries.invalidateQueries({ queryKey: ["admin", "candidates"] });
  };
  return (
    <Confirm
      label={said.remove}
      consequence={said.removeWhat}
      act={remove}
      variant="default"
      size="compact-sm"
    />
  );
}
