import { Route, Switch } from "wouter";
import { CandidatePage } from "./CandidatePage";
import { ComparePage } from "./ComparePage";
import { PackPage } from "./PackPage";
import { RulesPage } from "./RulesPage";

/** Everything about rules: what holds, a pack, two packs, a candidate. */
export default function RulesPages() {
  return (
    <Switch>
      <Route path="/admin/rules/packs/:pack">{({ pack }) => <PackPage pack={pack} />}</Route>
      <Route path="/admin/rules/compare/:before/:after">
        {({ before, after }) => <ComparePage before={before} after={after} />}
      </Route>
      <Route path="/admin/rules/candidates/:candidate">
        {({ candidate }) => <CandidatePage candidate={candidate} />}
      </Route>
      <Route>
        <RulesPage />
      </Route>
    </Switch>
  );
}
