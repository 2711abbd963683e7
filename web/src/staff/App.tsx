import { Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { SessionGate } from "./session/SessionGate";
import { useSession } from "./session/session";
import { placesOf } from "./shell/places";
import { Shell } from "./shell/Shell";

const NothingHere = lazy(() => import("./shell/NothingHere"));

/** Whoever is logged in, and the pages that are for them. */
export function App() {
  return (
    <SessionGate>
      <Shell>
        <Suspense fallback={<Loader m="xl" />}>
          <Pages />
        </Suspense>
      </Shell>
    </SessionGate>
  );
}

function Pages() {
  const places = placesOf(useSession());
  return (
    <Switch>
      {places.map(({ path, page: Page }) => (
        <Route key={path} path={`${path}/*?`}>
          <Page />
        </Route>
      ))}
      <Route path="/">
        <Redirect to={places[0]?.path ?? "/desk"} />
      </Route>
      <Route>
        <NothingHere />
      </Route>
    </Switch>
  );
}
