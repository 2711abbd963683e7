import { Loader, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { ProblemNote } from "../../shell/ProblemNote";
import type { Case } from "../case/openCase";
import type { CaseFile } from "../case/useCase";
import "./context.css";
import { History } from "./History";
import { Knowledge } from "./Knowledge";
import { OrderCard } from "./OrderCard";
import { OtherConversations } from "./OtherConversations";
import { PartChoice } from "./PartChoice";
import { Remedies } from "./Remedies";
import { RemediesUnderWay } from "./RemediesUnderWay";
import { Reveal } from "./Reveal";
import { Risk } from "./Risk";
import { givingDesk, orderQuery } from "./useOrder";
import { seeingDesk } from "./useReveal";
import { words } from "./words";

/** What one has to know beside the conversation, and what can be done. */
export function ContextPane({ file, about }: { file: CaseFile; about: Case }) {
  const said = useWords(words);
  const session = useSession();
  const { desks } = session;
  const { conversation } = file;
  const { consumer, subject } = conversation;
  const desk = givingDesk(desks);
  // What is said of the whole order may be about any part of it.
  const [part, setPart] = useState(subject.part ?? 0);
  const { data, error } = useQuery({
    ...orderQuery(consumer, { ...subject, part }, desk),
    placeholderData: keepPreviousData,
  });
  const isOrder = subject.kind === "order";
  const seeing = seeingDesk(conversation, about, session);
  return (
    <>
      {!isOrder && (
        <Text p="sm" className="quiet">
          {said.noOrder}
        </Text>
      )}
      {isOrder && !data && !error && (
        <Loader m="md" size="sm" role="status" aria-label={said.loading} />
      )}
      {error && <ProblemNote error={error} />}
      {data && (
        <>
          <OrderCard order={data.order} part={subject.part ?? 0} />
          <RemediesUnderWay file={data} messages={file.messages} />
          {!subject.part && desks.includes("platform") && (
            <PartChoice file={data} onChosen={setPart} />
          )}
          <Remedies file={data} messages={file.messages} {...{ conversation, about }} />
          <Risk file={data} />
        </>
      )}
      {seeing && <Reveal key={conversation.id} {...{ conversation, about }} desk={seeing} />}
      <Knowledge conversation={conversation} about={about} />
      {desks.includes("platform") && <OtherConversations conversation={conversation} />}
      <History story={file.story} />
    </>
  );
}
