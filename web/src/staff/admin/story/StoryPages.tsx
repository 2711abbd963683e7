import { Route, Switch } from "wouter";
import { useLanguage, useWords } from "../../../shared/words";
import { code } from "../../desk/codes";
import { CaseStory } from "./CaseStory";
import { OneStory } from "./OneStory";
import {
  readAccountStory,
  readAgentStory,
  readBudgetStory,
  readDeskStory,
  readListingStory,
  readMarketStory,
  readPartyStory,
  readWalletStory,
} from "./reading";
import { StorySearch } from "./StorySearch";
import { words } from "./words";

/** Why something happened: to a case, an agent, a desk, a market's rules, to money or a listing. */
export default function StoryPages() {
  const said = useWords(words);
  const { language } = useLanguage();
  return (
    <Switch>
      <Route path="/admin/story/case/:consumer/:conversation">
        {({ consumer, conversation }) => (
          <CaseStory consumer={consumer} conversation={conversation} />
        )}
      </Route>
      <Route path="/admin/story/agent/:agent">
        {({ agent }) => (
          <OneStory title={said.of(agent)} name={`agent/${agent}`} read={readAgentStory(agent)} />
        )}
      </Route>
      <Route path="/admin/story/desk/:desk">
        {({ desk }) => (
          <OneStory title={said.of(desk)} name={`desk/${desk}`} read={readDeskStory(desk)} />
        )}
      </Route>
      <Route path="/admin/story/party/:party">
        {({ party }) => (
          <OneStory title={said.of(party)} name={`party/${party}`} read={readPartyStory(party)} />
        )}
      </Route>
      <Route path="/admin/story/account/:party/:currency">
        {({ party, currency }) => (
          <OneStory
            title={said.ofAccount(party, currency)}
            name={`account/${party}/${currency}`}
            read={readAccountStory(party, currency)}
          />
        )}
      </Route>
      <Route path="/admin/story/wallet/:consumer">
        {({ consumer }) => (
          <OneStory
            title={said.ofWallet(consumer)}
            name={`wallet/${consumer}`}
            read={readWalletStory(consumer)}
          />
        )}
      </Route>
      <Route path="/admin/story/budget/:market/:budget/:currency/:slice?">
        {({ market, budget, currency, slice = "0" }) => (
          <OneStory
            title={said.ofBudget(code(budget, language), market, currency, Number(slice))}
            name={`budget/${market}/${budget}/${currency}/${slice}`}
            read={readBudgetStory({ market, budget, currency }, Number(slice))}
          />
        )}
      </Route>
      <Route path="/admin/story/listing/:merchant/:listing">
        {({ merchant, listing }) => (
          <OneStory
            title={said.ofListing(listing)}
            name={`listing/${merchant}/${listing}`}
            read={readListingStory(merchant, listing)}
          />
        )}
      </Route>
      <Route path="/admin/story/market/:market">
        {({ market }) => (
          <OneStory
            title={said.of(market)}
            name={`market/${market}`}
            read={readMarketStory(market)}
          />
        )}
      </Route>
      <Route>
        <StorySearch />
      </Route>
    </Switch>
  );
}
