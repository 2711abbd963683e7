import { Button, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { ListedShape } from "../../api/schema";
import { useWords } from "../../shared/words";
import { useSession } from "../session/session";
import { useTitle } from "../shell/useTitle";
import { keyOf, useAddress, useGo } from "./address";
import { CasePane } from "./case/CasePane";
import { caseMeant } from "./case/openCase";
import { caseQuery, useCase } from "./case/useCase";
import { useSendingAgain } from "./composer/leaving";
import { ContextPane } from "./context/ContextPane";
import { givingDesk, orderQuery } from "./context/useOrder";
import "./desk.css";
import { CommandBar } from "./keys/CommandBar";
import { useCommand } from "./keys/commands";
import { KeysHelp } from "./keys/KeysHelp";
import { useLetters } from "./keys/useLetters";
import { words as keyWords } from "./keys/words";
import { ListPane } from "./list/ListPane";
import { useMyList } from "./list/useMyList";
import { useCode } from "./useCode";
import { words } from "./words";

/** Where an agent works: what there is to do, the case in hand, and what has to be known of it. */
export default function DeskPage() {
  const said = useWords(words);
  const keys = useWords(keyWords);
  const address = useAddress();
  useTitle(address ? null : said.list);
  const go = useGo();
  const queries = useQueryClient();
  const { agent, desks, csrf_token } = useSession();
  const { lists, error, connected } = useMyList();
  useSendingAgain(agent, csrf_token, connected);
  const [helping, setHelping] = useState(false);
  useLetters();
  useCommand({ id: "help", name: keys.help, letter: "?", run: () => setHelping(true) });
  useCommand(address && { id: "back", name: said.toList, letter: "Escape", run: () => go(null) });
  // Whoever looks at a row may open it: then it is there already.
  const onLook = useCallback(
    (row: ListedShape) => {
      void queries.prefetchQuery(caseQuery(row.consumer, row.conversation));
      if (row.subject?.kind !== "order") return;
      void queries.prefetchQuery(orderQuery(row.consumer, row.subject, givingDesk(desks)));
    },
    [queries, desks],
  );
  const current = address?.case ? keyOf({ ...address, case: address.case }) : null;
  return (
    <div className="desk" data-open={address !== null || undefined}>
      <section className="list-pane" aria-label={said.list}>
        {!connected && (
          <Text size="xs" role="status" className="offline">
            {said.offline}
          </Text>
        )}
        <ListPane lists={lists} error={error} current={current} onLook={onLook} />
      </section>
      {address ? (
        <OpenCase key={address.conversation} address={address} />
      ) : (
        <section className="case-pane" aria-label={said.case}>
          <Stack p="xl" gap="xs" align="center">
            <Text component="h1" fw={600}>
              {said.pickOne}
            </Text>
            <Text className="quiet">{said.pickOneWhy}</Text>
          </Stack>
        </section>
      )}
      <CommandBar />
      <KeysHelp opened={helping} onClose={() => setHelping(false)} />
    </div>
  );
}

/** The two panes of an open case; on a small screen one of them at a time. */
function OpenCase({ address }: { address: NonNullable<ReturnType<typeof useAddress>> }) {
  const said = useWords(words);
  const go = useGo();
  const [beside, setBeside] = useState(false);
  const { file, error, connected } = useCase(address.consumer, address.conversation);
  const about = file ? caseMeant(file.conversation, address.case) : null;
  const code = useCode();
  useTitle(about ? `${code(about.issue)} #${about.number}` : said.case);
  return (
    <>
      <section className="case-pane" aria-label={said.case} data-beside={beside || undefined}>
        <nav className="pane-switch">
          <Button size="compact-xs" variant="subtle" className="to-list" onClick={() => go(null)}>
            {said.toList}
          </Button>
          <Button size="compact-xs" variant="subtle" onClick={() => setBeside(true)}>
            {said.toContext}
          </Button>
        </nav>
        <CasePane file={file} about={about} address={address} error={error} connected={connected} />
      </section>
      <section className="context-pane" aria-label={said.context} data-beside={beside || undefined}>
        <nav className="pane-switch">
          <Button size="compact-xs" variant="subtle" onClick={() => setBeside(false)}>
            {said.toCase}
          </Button>
        </nav>
        {file && about && <ContextPane file={file} about={about} />}
      </section>
    </>
  );
}
