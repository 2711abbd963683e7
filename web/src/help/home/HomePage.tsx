import { useState } from "react";
import type { HelpConversation, OrderShape } from "../../api/schema";
import { useLanguage, useWords } from "../../shared/words";
import { useConversationsAsTheyCome, useOrders } from "../asking";
import { Asked } from "../parts/Asked";
import { Button, ButtonLink } from "../parts/Button";
import { Page } from "../parts/Page";
import { paths } from "../paths";
import { called } from "./called";
import { MyData } from "./MyData";
import { OpenProblems } from "./OpenProblems";
import { OrderCard } from "./OrderCard";
import { PastLine } from "./PastLine";
import { words } from "./words";

const SEARCHED_FROM = 5;

/** Open problems first, then the orders; and a way for everything else. */
export function HomePage() {
  const said = useWords(words);
  const conversations = useConversationsAsTheyCome();
  const orders = useOrders();
  return (
    <Page title={said.title}>
      <Asked query={conversations}>
        {(found) => (
          <OpenProblems
            conversations={found.items}
            orders={orders.data?.pages.flatMap((page) => page.items) ?? []}
          />
        )}
      </Asked>
      <Orders query={orders} />
      <ButtonLink to={paths.other}>{said.else}</ButtonLink>
      {conversations.data && <Past conversations={conversations.data.items} />}
      <MyData />
    </Page>
  );
}

function Orders({ query }: { query: ReturnType<typeof useOrders> }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const [wanted, setWanted] = useState("");
  return (
    <section aria-labelledby="orders">
      <h2 id="orders">{said.orders}</h2>
      <Asked query={query}>
        {(found) => {
          const orders = found.pages.flatMap((page) => page.items).filter((one) => one.placed);
          const shown = orders.filter((one) => matches(one, wanted, language));
          return (
            <>
              {orders.length === 0 && <p className="quiet">{said.noOrders}</p>}
              {orders.length >= SEARCHED_FROM && (
                <input
                  type="search"
                  aria-label={said.search}
                  placeholder={said.search}
                  value={wanted}
                  onChange={(event) => setWanted(event.target.value)}
                />
              )}
              {orders.length > 0 && shown.length === 0 && (
                <p role="status">{query.hasNextPage ? said.nothingShown : said.nothingFound}</p>
              )}
              <ul className="plain">
                {shown.map((order) => (
                  <li key={order.id}>
                    <OrderCard order={order} />
                  </li>
                ))}
              </ul>
              {query.hasNextPage && (
                <Button
                  kind="quiet"
                  busy={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {said.more}
                </Button>
              )}
            </>
          );
        }}
      </Asked>
    </section>
  );
}

function matches(order: OrderShape, wanted: string, language: "zh" | "en"): boolean {
  return called(order, language).toLowerCase().includes(wanted.trim().toLowerCase());
}

function Past({ conversations }: { conversations: HelpConversation[] }) {
  const said = useWords(words);
  const over = ["resolved", "closed"];
  const past = conversations.filter((one) => one.cases.every((each) => over.includes(each.status)));
  if (past.length === 0) return null;
  return (
    <details>
      <summary>{said.past}</summary>
      <ul className="plain">
        {past.map((one) => (
          <li key={one.id}>
            <PastLine conversation={one} />
          </li>
        ))}
      </ul>
    </details>
  );
}
