import { Menu, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "../../api/problems";
import { useWords } from "../../shared/words";
import { useDeskNames } from "../names/useDeskNames";
import { ChangePassword } from "../session/ChangePassword";
import { logOut, useSession } from "../session/session";
import { accountWords } from "./words";

const DESKS_SHOWN = 12;

/** For which desks somebody is here, and the way out. */
export function Account() {
  const said = useWords(accountWords);
  const { desks, role } = useSession();
  const deskName = useDeskNames(desks.slice(0, DESKS_SHOWN));
  const queries = useQueryClient();
  const [changing, setChanging] = useState(false);
  const leave = async () => {
    try {
      await logOut();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // Whoever goes away believes to be out.
      notifications.show({ message: said.stillIn, color: "red", autoClose: false });
      return;
    }
    queries.clear();
    window.location.assign("/desk");
  };
  const [only] = desks.length === 1 ? desks : [];
  const here = only ? deskName(only) : desks.length > 0 ? said.desks(desks.length) : said.running;
  return (
    <>
      {changing && <ChangePassword onClose={() => setChanging(false)} />}
      <Menu position="bottom-end">
        <Menu.Target>
          <UnstyledButton px={6} className="account">
            <VisuallyHidden>{said.account}: </VisuallyHidden>
            <Text component="span" size="sm" truncate className="account-desk">
              <bdi>{here}</bdi>
            </Text>
            <span aria-hidden>▾</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {role === "admin" && <Menu.Label>{said.running}</Menu.Label>}
          {desks.slice(0, DESKS_SHOWN).map((desk) => (
            <Menu.Label key={desk}>
              <bdi>{deskName(desk)}</bdi>
            </Menu.Label>
          ))}
          {desks.length > DESKS_SHOWN && (
            <Menu.Label>{said.moreDesks(desks.length - DESKS_SHOWN)}</Menu.Label>
          )}
          <Menu.Divider />
          <Menu.Item onClick={() => setChanging(true)}>{said.password}</Menu.Item>
          <Menu.Item onClick={leave}>{said.leave}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
