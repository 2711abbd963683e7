import type { ReactNode } from "react";
import { Problem } from "../../api/problems";
import { problemWords } from "../../shared/problemWords";
import { type Read, useWhyNot } from "../../shared/useWhyNot";
import { useLanguage, useWords } from "../../shared/words";
import { Button } from "./Button";
import { problems } from "./problems";
import { words } from "./words";

/** What was asked for: a line while it comes, what it is, or why not and another try. */
export function Asked<T>({
  query,
  children,
}: {
  query: Read<T>;
  children: (found: T) => ReactNode;
}) {
  const why = useWhyNot(query);
  // What was found once stays, whatever came of asking again.
  if (query.data !== undefined) return children(query.data);
  return why ? <Unread query={query} /> : <Loading />;
}

export function Loading() {
  const said = useWords(words);
  return <p role="status">{said.loading}</p>;
}

/** Why something is not shown that has its place elsewhere on the page; nothing while it may come.
 * What could not be read is not to look as if there were none. */
export function Unread({ query, what }: { query: Read<unknown>; what?: string }) {
  const said = useWords(words);
  const why = useWhyNot(query);
  if (!why) return null;
  return (
    <div className="card">
      {what && <p>{what}</p>}
      <ProblemLine error={why} />
      <Button busy={query.isFetching} onClick={() => void query.refetch()}>
        {said.again}
      </Button>
    </div>
  );
}

/** Why something was not done, in a line. What is no `Problem` is a bug. */
export function ProblemLine({ error }: { error: unknown }) {
  const { language } = useLanguage();
  if (!(error instanceof Problem)) throw error;
  return (
    <p className="problem" role="alert">
      {problemWords(error, language, problems)}
    </p>
  );
}
