import { useLocation } from "wouter";
import { useWords } from "../../shared/words";
import { useConversations } from "../asking";
import { Asked } from "../parts/Asked";
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
  const [, go] = useLocation();
  const query = useConversations();
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
      <Asked query={query}>
        {(found) => {
          const { kind, id, part } = place.subject;
          const there = found.items.find(
            ({ subject }) =>
              subject.kind === kind &&
              (subject.id ?? null) === (id ?? null) &&
              (subject.part ?? 0) === (part ?? 0),
          );
          if (there) return <OneConversation key={there.id} found={there} place={place} />;
          return (
            <Talk
              key={`${kind}/${id}/${part}/${place.merchant}`}
              place={place}
              onBegun={(received) =>
                go(paths.conversation(received.conversation), { replace: true })
              }
            />
          );
        }}
      </Asked>
    </Page>
  );
}
