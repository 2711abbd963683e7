import { Route, Switch } from "wouter";
import { useWords } from "../../../shared/words";
import { CaseStory } from "./CaseStory";
import { OneStory } from "./OneStory";
import { readAgentStory, readDeskStory, readMarketStory, readPartyStory } from "./reading";
import { StorySearch } from "./StorySearch";
import { words } from "./words";

/** Why something happened: to a case, an agent, a desk, a market's rules. */
export default function StoryPages() {
  const said = useWords(words);
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
