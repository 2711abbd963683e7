import { Group, Loader, NavLink, ScrollArea } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useWords } from "../../shared/words";
import { words } from "./words";

const HERE = "/admin";

const PAGES = [
  { at: "agents", page: lazy(() => import("./agents/AgentsPage")) },
  { at: "shifts", page: lazy(() => import("../supervisor/week/WeekPage")) },
  { at: "desks", page: lazy(() => import("./desks/DesksPage")) },
  { at: "reliefs", page: lazy(() => import("./reliefs/ReliefsPage")) },
  { at: "calendars", page: lazy(() => import("./calendars/CalendarsPage")) },
  { at: "rules", page: lazy(() => import("./rules/RulesPages")) },
  { at: "keys", page: lazy(() => import("./keys/KeysPage")) },
  { at: "webhooks", page: lazy(() => import("./webhooks/WebhooksPages")) },
  { at: "fund", page: lazy(() => import("./fund/FundPage")) },
  { at: "privacy", page: lazy(() => import("./privacy/PrivacyPages")) },
  { at: "operations", page: lazy(() => import("./operations/OperationsPage")) },
  { at: "story", page: lazy(() => import("./story/StoryPages")) },
] as const;

/** What those use who run the system, a page for each thing that they look after. */
export default function AdminPage() {
  const said = useWords(words);
  const [here] = useLocation();
  const open = here.split("/")[2] ?? "";
  return (
    <>
      <ScrollArea type="auto">
        <Group component="nav" aria-label={said.pages} gap={0} wrap="nowrap" px="xs">
          {PAGES.map(({ at }) => (
            <NavLink
              key={at}
              // On a phone not all of them fit: the open one is brought to where it is seen.
              ref={(link: HTMLAnchorElement | null) => {
                if (at === open) link?.scrollIntoView({ inline: "center", block: "nearest" });
              }}
              component={Link}
              href={`${HERE}/${at}`}
              label={said[at]}
              active={at === open}
              aria-current={at === open ? "page" : undefined}
              w="auto"
              styles={{ label: { whiteSpace: "nowrap" } }}
            />
          ))}
        </Group>
      </ScrollArea>
      <Suspense fallback={<Loader m="xl" />}>
        <Switch>
          {PAGES.map(({ at, page: Page }) => (
            <Route key={at} path={`${HERE}/${at}/*?`}>
              <Page />
            </Route>
          ))}
          <Route>
            <Redirect to={`${HERE}/agents`} replace />
          </Route>
        </Switch>
      </Suspense>
    </>
  );
}
