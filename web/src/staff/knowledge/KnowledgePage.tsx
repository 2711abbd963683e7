import { Group, NavLink } from "@mantine/core";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useWords } from "../../shared/words";
import { ArticlePage } from "./articles/ArticlePage";
import { ArticlesPage } from "./articles/ArticlesPage";
import "./knowledge.css";
import { MacroPage } from "./macros/MacroPage";
import { MacrosPage } from "./macros/MacrosPage";
import { words } from "./words";

const PAGES = ["articles", "macros"] as const;

/** What agents look up and what they send, for those who answer for it. */
export default function KnowledgePage() {
  const said = useWords(words);
  const [here] = useLocation();
  return (
    <>
      <Group component="nav" aria-label={said.pages} gap={0} wrap="nowrap" px="xs">
        {PAGES.map((at) => {
          const open = here.startsWith(`/knowledge/${at}`);
          return (
            <NavLink
              key={at}
              component={Link}
              href={`/knowledge/${at}`}
              label={said[at]}
              active={open}
              aria-current={open ? "page" : undefined}
              w="auto"
            />
          );
        })}
      </Group>
      <Switch>
        <Route path="/knowledge/articles">
          <ArticlesPage />
        </Route>
        <Route path="/knowledge/articles/:article">
          {({ article }) => <ArticlePage key={article} id={article} />}
        </Route>
        <Route path="/knowledge/macros">
          <MacrosPage />
        </Route>
        <Route path="/knowledge/macros/:desk/:macro">
          {({ desk, macro }) => (
            <MacroPage key={`${desk}/${macro}`} desk={decodeURIComponent(desk)} id={macro} />
          )}
        </Route>
        <Route>
          <Redirect to="/knowledge/articles" replace />
        </Route>
      </Switch>
    </>
  );
}
