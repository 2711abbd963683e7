import { useLocation } from "wouter";
import { Problem } from "../../api/problems";
import type { HelpConversation } from "../../api/schema";
import { useWhyNot } from "../../shared/useWhyNot";
import { useWords } from "../../shared/words";
import { useConversation } from "../asking";
import { NothingHere } from "../NothingHere";
import { Asked } from "../parts/Asked";
import { Page } from "../parts/Page";
import { paths } from "../paths";
import { AboutOrder } from "./AboutOrder";
import type { Place } from "./place";
import { Talk } from "./Talk";
import { useEntries } from "./useEntries";
import { useThread } from "./useThread";
import { words } from "./words";

/** A conversation by its id. */
export function ConversationPage({ conversation }: { conversation: string }) {
  const said = useWords(words);
  const query = useConversation(conversation);
  const { data } = query;
  const why = useWhyNot(query);
  if (why instanceof Problem && [404, 422].includes(why.status)) return <NothingHere />;
  const order = data?.subject.kind === "order" ? data.subject.id : undefined;
  return (
    <Page title={said.title} back={order ? paths.order(order) : paths.home}>
      {order && <AboutOrder order={order} />}
      <Asked query={query}>{(found) => <OneConversation found={found} />}</Asked>
    </Page>
  );
}

/** The thread of a conversation that is there, as it goes on from how it was `found`; `place` is from
 * where one came. */
export function OneConversation({ found, place }: { found: HelpConversation; place?: Place }) {
  const [, go] = useLocation();
  const { data: conversation = found } = useConversation(found.id);
  const thread = useThread(conversation.id);
  const entries = useEntries(conversation.id, conversation.version);
  return (
    <Talk
      place={place ?? placeOf(conversation)}
      conversation={conversation}
      entries={entries}
      onBegun={(received) => {
        // The matter had its place in another part of the order.
        if (received.conversation !== conversation.id)
          go(paths.conversation(received.conversation));
      }}
      {...thread}
    />
  );
}

const SURFACES = { order: "order", listing: "shop", live: "live", none: "search" } as const;

function placeOf({ subject }: HelpConversation): Place {
  return { subject, surface: SURFACES[subject.kind] };
}
