import { useLocation } from "wouter";
import { useWhyNot } from "../../shared/useWhyNot";
import { useWords } from "../../shared/words";
import { useConversations } from "../asking";
import { Loading, Unread } from "../parts/Asked";
import { Page } from "../parts/Page";
import { paths } from "../paths";
import { AboutOrder } from "./AboutOrder";
import { OneConversation } from "./ConversationPage";
import type { Place } from "./place";
import { Talk } from "./Talk";
import { words } from "./words";

/** Where somebody writes about a place: in the conversation that there is, else in a new one. */
export function TalkPage({ place, back = paths.home }: { place: Place; back?: string }) {
  const said = useWords(words);
  const titles = {
    order: said.title,
    shop: said.aboutShop,
    video: said.aboutVideo,
    live: said.aboutLive,
    search: said.other,
  };
  return (
    <Page title={titles[place.surface ?? "order"]} back={back}>
      {place.subject.kind === "order" && place.subject.id && (
        <AboutOrder order={place.subject.id} />
      )}
      <TalkAt place={place} />
    </Page>
  );
}

/** The conversation that there is about a place, else where one begins. While it cannot be read which
 * there are, one writes all the same: the service knows to which it belongs. */
function TalkAt({ place }: { place: Place }) {
  const said = useWords(words);
  const [, go] = useLocation();
  const query = useConversations();
  const why = useWhyNot(query);
  if (query.data === undefined && !why) return <Loading />;
  const { kind, id, part } = place.subject;
  const there = query.data?.items.find(
    ({ subject }) =>
      subject.kind === kind &&
      (subject.id ?? null) === (id ?? null) &&
      (subject.part ?? 0) === (part ?? 0),
  );
  if (there) return <OneConversation key={there.id} found={there} place={place} />;
  return (
    <>
      <Unread query={query} what={said.beforeUnread} />
      <Talk
        key={`${kind}/${id}/${part}/${place.merchant}`}
        place={place}
        mayBeThere={query.data === undefined}
        onBegun={(received) => go(paths.conversation(received.conversation), { replace: true })}
      />
    </>
  );
}
