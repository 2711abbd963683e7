import { Route, Router, Switch } from "wouter";
import { HomePage } from "./home/HomePage";
import { NothingHere } from "./NothingHere";
import { OrderPage } from "./order/OrderPage";
import { HelpGate } from "./session/HelpGate";
import { ConversationPage } from "./talk/ConversationPage";
import { TalkPage } from "./talk/TalkPage";
import { WishPage } from "./wish/WishPage";

/** The consumer's page: one column, for whoever the shop has signed in. */
export function App() {
  return (
    <HelpGate>
      <Router base="/help">
        <Switch>
          <Route path="/" component={HomePage} />
          <Route path="/c/:conversation">
            {({ conversation }) => (
              <ConversationPage key={conversation} conversation={conversation} />
            )}
          </Route>
          <Route path="/other">
            <TalkPage place={{ subject: { kind: "none", id: null, part: 0 }, surface: "search" }} />
          </Route>
          <Route path="/shop/:id">
            {({ id }) => (
              <TalkPage
                place={{
                  subject: { kind: "none", id: null, part: 0 },
                  surface: "shop",
                  merchant: id,
                }}
              />
            )}
          </Route>
          <Route path="/video/:id">
            {({ id }) => (
              <TalkPage place={{ subject: { kind: "live", id, part: 0 }, surface: "video" }} />
            )}
          </Route>
          <Route path="/live/:id">
            {({ id }) => (
              <TalkPage place={{ subject: { kind: "live", id, part: 0 }, surface: "live" }} />
            )}
          </Route>
          <Route path="/order/:order">{({ order }) => <OrderPage order={order} />}</Route>
          <Route path="/order/:order/:part/talk">
            {({ order, part }) => (
              <TalkPage
                place={{
                  subject: { kind: "order", id: order, part: Number(part) },
                  surface: "order",
                }}
              />
            )}
          </Route>
          <Route path="/order/:order/:part/:reason">
            {({ order, part, reason }) => (
              <WishPage
                key={`${order}/${part}/${reason}`}
                order={order}
                part={Number(part)}
                reason={reason}
              />
            )}
          </Route>
          <Route component={NothingHere} />
        </Switch>
      </Router>
    </HelpGate>
  );
}
