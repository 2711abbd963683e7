import { AppShell, Burger, Group, NavLink } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useWords } from "../../shared/words";
import { useSendingAgain } from "../desk/composer/leaving";
import { useSession } from "../session/session";
import { Account } from "./Account";
import { LanguageSwitch } from "./LanguageSwitch";
import { placesOf } from "./places";
import { SandboxNote } from "./SandboxNote";
import { SchemeSwitch } from "./SchemeSwitch";
import "./shell.css";
import { useSeen } from "./useSeen";
import { useTellingUnsent } from "./useTellingUnsent";
import { words } from "./words";

const HEADER_PX = 44;

/** What stands around every page: where one can go, language, light or dark, log out. */
export function Shell({ children }: { children: ReactNode }) {
  const said = useWords(words);
  const session = useSession();
  useSeen(session.desks.length > 0);
  const places = placesOf(session);
  const [here] = useLocation();
  // The desk sends again what it could not send as soon as its line is there.
  useSendingAgain(session.agent, session.csrf_token, !here.startsWith("/desk"));
  useTellingUnsent(session.agent);
  const [opened, { toggle, close }] = useDisclosure();
  const links = places.map(({ path, word }) => (
    <NavLink
      key={path}
      component={Link}
      href={path}
      label={said[word]}
      active={here === path || here.startsWith(`${path}/`)}
      onClick={close}
      w="auto"
    />
  ));
  return (
    <AppShell
      header={{ height: HEADER_PX }}
      navbar={{ width: 240, breakpoint: "md", collapsed: { desktop: true, mobile: !opened } }}
      padding={0}
    >
      <a className="skip" href="#content">
        {said.skip}
      </a>
      <AppShell.Header px="sm">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Burger
            opened={opened}
            onClick={toggle}
            hiddenFrom="md"
            size="sm"
            aria-label={said.menu}
          />
          <Group component="nav" aria-label={said.places} visibleFrom="md" gap={0} wrap="nowrap">
            {links}
          </Group>
          <Group gap="xs" wrap="nowrap">
            <LanguageSwitch />
            <SchemeSwitch />
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={said.places} hiddenFrom="md">
        {links}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <SandboxNote />
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
