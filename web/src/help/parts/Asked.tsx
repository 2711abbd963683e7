import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Problem } from "../../api/problems";
import { problemWords } from "../../shared/problemWords";
import { useLanguage, useWords } from "../../shared/words";
import { Button } from "./Button";
import { problems } from "./problems";
import { words } from "./words";

/** What was asked for: a line while it comes, what it is, or why not and another try. */
export function Asked<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (found: T) => ReactNode;
}) {
  const said = useWords(words);
  // What was found once stays, whatever came of asking again.
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <p role="status">{said.loading}</p>;
  return (
    <div className="card">
      <ProblemLine error={query.error} />
      <Button onClick={() => void query.refetch()}>{said.again}</Button>
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
