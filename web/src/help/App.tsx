import { useEffect, useState } from "react";
import type { HelpSession } from "../api/schema";
import { useWords } from "../shared/words";
import { openSession } from "./session/session";
import { words } from "./words";

/** The consumer's page: one column, for whoever the shop has signed in. */
export function App() {
  const said = useWords(words);
  const [session, setSession] = useState<HelpSession | null>();
  useEffect(() => {
    void openSession().then(setSession, () => setSession(null));
  }, []);
  if (session === undefined) return <p role="status">{said.opening}</p>;
  return (
    <main>
      <h1>{said.title}</h1>
      <p>{session === null ? said.noSession : said.none}</p>
    </main>
  );
}
