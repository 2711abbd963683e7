import { Alert, Loader, Stack, Text, Textarea, Title } from "@mantine/core";
import { useState } from "react";
import { Problem } from "../../../api/problems";
import { useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { ProblemNote } from "../../shell/ProblemNote";
import { Composer } from "../composer/Composer";
import { mayPost } from "../composer/desks";
import { AUDIENCES, draftName, draftOf, STEPS, useWritten } from "../composer/drafts";
import { FinishBar } from "../finish/FinishBar";
import { words as deskWords } from "../words";
import { Brief } from "./Brief";
import { CaseHead } from "./CaseHead";
import { Others } from "./Others";
import "./case.css";
import { type Case, isOpen } from "./openCase";
import { Thread } from "./Thread";
import type { CaseFile } from "./useCase";
import { words } from "./words";

type Props = {
  file: CaseFile | undefined;
  about: Case | null;
  address: { conversation: string; case: number | null };
  error: unknown;
  connected: boolean;
};

/** The case: what has to be known, the conversation, where one answers, how it ends. */
export function CasePane({ file, about, address, error, connected }: Props) {
  const desk = useWords(deskWords);
  if (error instanceof Problem && error.status === 404) return <Vanished {...address} />;
  if (!file || !about) {
    return error ? <ProblemNote error={error} /> : <Loader m="md" size="sm" />;
  }
  return (
    <>
      <CaseHead file={file} about={about} />
      <Brief file={file} about={about} />
      {!connected && (
        <Alert color="orange" p="xs" role="status">
          {desk.offline}
        </Alert>
      )}
      <Thread file={file} />
      <Others others={file.others} about={about.number} />
      <Answering file={file} about={about} />
      <FinishBar key={`${file.conversation.id}/${about.number}`} file={file} about={about} />
    </>
  );
}

/** Where one writes while the case is open and one may; and after, as long as a hand or a text is
 * there. */
function Answering({ file, about }: { file: CaseFile; about: Case }) {
  const session = useSession();
  const { agent } = session;
  const written = useWritten(agent, { conversation: file.conversation.id, case: about.number });
  const [hand, setHand] = useState(false);
  if (!(isOpen(about) && mayPost(about, session)) && !hand && !written) return null;
  return <Composer {...{ file, about }} onHand={setHand} />;
}

/** Of a case that is not there, or not any more; what was written in it is not lost. */
function Vanished({ conversation, case: number }: Props["address"]) {
  const desk = useWords(deskWords);
  const said = useWords(words);
  const { agent } = useSession();
  const drafts = [...AUDIENCES, ...STEPS]
    .map((what) => draftOf(draftName(agent, { conversation, case: number ?? 1 }, what)).text)
    .filter(Boolean);
  return (
    <Stack p="lg" role="alert">
      <Title order={1} size="h4">
        {desk.vanished}
      </Title>
      <Text>{desk.vanishedWhy}</Text>
      {drafts.length > 0 && (
        <Textarea label={said.kept} readOnly autosize value={drafts.join("\n\n")} />
      )}
    </Stack>
  );
}
