import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  Fragment,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";
import { onSessionEnd } from "../../api/client";
import { Problem } from "../../api/problems";
import type { HelpSession } from "../../api/schema";
import { problemWords } from "../../shared/problemWords";
import { useLanguage, useWords } from "../../shared/words";
import { Button } from "../parts/Button";
import { embedded } from "./frame";
import { openSession } from "./session";
import { useOnline } from "./useOnline";
import { words } from "./words";

const SessionContext = createContext<HelpSession | null>(null);

/** Whose page this is. Only inside `HelpGate`. */
export function useSession(): HelpSession {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("asked outside of the gate");
  return session;
}

type Entry = { session: HelpSession | null; problem: Problem | null };

/** Shows what is inside to whom the shop has signed in. When the session is over, all that is open
 * stays as it is, and one tap goes on. */
export function HelpGate({ children }: { children: ReactNode }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [entry, setEntry] = useState<Entry>();
  const [over, setOver] = useState(false);
  const known = useRef<string>(undefined);
  const comeIn = useCallback(async () => {
    try {
      const session = await openSession();
      // Somebody else may have come in meanwhile; nothing of the one before is theirs to see.
      if (session && known.current && known.current !== session.consumer) queries.clear();
      if (session) known.current = session.consumer;
      setEntry((before) => ({ session: session ?? before?.session ?? null, problem: null }));
      setOver(session === null);
      if (session) void queries.invalidateQueries();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setEntry((before) => ({ session: before?.session ?? null, problem: error }));
    }
  }, [queries]);
  const coming = useRef<Promise<void>>(undefined);
  // Once at a time: a token counts once, and a second tap would take the same.
  const enter = useCallback(() => {
    coming.current ??= comeIn().finally(() => {
      coming.current = undefined;
    });
    return coming.current;
  }, [comeIn]);
  useEffect(() => {
    onSessionEnd(() => (embedded ? setOver(true) : void enter()));
    void enter();
  }, [enter]);
  if (entry === undefined) return <p role="status">{said.opening}</p>;
  if (entry.session === null) {
    return (
      <main>
        <p>{entry.problem ? problemWords(entry.problem, language) : said.noSession}</p>
        {(entry.problem || embedded) && <Button onClick={() => void enter()}>{said.again}</Button>}
      </main>
    );
  }
  return (
    <SessionContext value={entry.session}>
      {over ? <Over enter={enter} problem={entry.problem} /> : <Offline />}
      <Fragment key={entry.session.consumer}>{children}</Fragment>
    </SessionContext>
  );
}

function Over({ enter, problem }: { enter: () => Promise<void>; problem: Problem | null }) {
  const said = useWords(words);
  const { language } = useLanguage();
  return (
    <div className="strip strip-warn" role="alert">
      <span>{problem ? problemWords(problem, language) : said.over}</span>
      <Button kind="quiet" onClick={() => void enter()}>
        {said.goOn}
      </Button>
    </div>
  );
}

function Offline() {
  const said = useWords(words);
  const online = useOnline();
  return (
    <div role="status" className={online ? "" : "strip strip-warn"}>
      {online ? "" : said.offline}
    </div>
  );
}
