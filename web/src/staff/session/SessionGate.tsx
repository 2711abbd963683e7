import { Center, getDefaultZIndex, Loader, Modal } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { onSessionEnd } from "../../api/client";
import { useWords } from "../../shared/words";
import { holdOffers } from "../shell/offers";
import { ProblemNote } from "../shell/ProblemNote";
import { LogIn } from "./LogIn";
import { readSession, type Session, SessionContext } from "./session";
import { words } from "./words";

/**
 * Lets those in who have logged in. A session that ends while somebody works is begun anew above
 * the page, which stays as it is, with all that was typed.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const {
    data: session,
    error,
    isPending,
  } = useQuery({
    queryKey: ["session"],
    queryFn: readSession,
    // Never asked anew together with what is shown: without an answer all of the page would go.
    staleTime: "static",
  });
  const [over, setOver] = useState(false);
  const begin = useCallback(
    (begun: Session) => {
      const another = session && session.agent !== begun.agent;
      queries.setQueryData(["session"], begun);
      setOver(false);
      // Somebody else must not see what the one before them was shown.
      if (another) window.location.assign("/desk");
      else void queries.invalidateQueries();
    },
    [queries, session],
  );
  useEffect(() => {
    onSessionEnd(() => {
      void readSession()
        .catch(() => null)
        .then((now) => (now ? begin(now) : setOver(true)));
    });
  }, [begin]);
  useEffect(() => {
    if (!over) return;
    holdOffers(true);
    return () => holdOffers(false);
  }, [over]);
  useEffect(() => {
    if (!over) return;
    // They may have logged in in another tab, by name or by an identity provider.
    const look = () =>
      void readSession()
        .catch(() => null)
        .then((now) => now && begin(now));
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, [over, begin]);
  if (isPending) {
    return (
      <Center h="100dvh">
        <Loader role="status" aria-label={said.loading} />
      </Center>
    );
  }
  if (error) return <ProblemNote error={error} />;
  if (!session) return <LogIn onBegun={begin} />;
  return (
    <SessionContext value={session}>
      {children}
      <Modal
        opened={over}
        onClose={() => {}}
        withCloseButton={false}
        title={said.over}
        zIndex={getDefaultZIndex("overlay")}
      >
        <LogIn onBegun={begin} bare />
      </Modal>
    </SessionContext>
  );
}
