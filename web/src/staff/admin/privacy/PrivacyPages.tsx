import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Route, Switch, useLocation } from "wouter";
import { useWords } from "../../../shared/words";
import { Empty, Frame } from "../../common/Frame";
import { PartyPage } from "./PartyPage";
import { words } from "./words";

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** What is kept about somebody, found by their id. */
export default function PrivacyPages() {
  return (
    <Switch>
      <Route path="/admin/privacy/:party">
        {({ party }) => <PartyPage key={party} party={party} />}
      </Route>
      <Route>
        <Find />
      </Route>
    </Switch>
  );
}

function Find() {
  const said = useWords(words);
  const [, go] = useLocation();
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const look = (event: FormEvent) => {
    event.preventDefault();
    const found = text.match(ID)?.[0].toLowerCase();
    setWrong(found === undefined);
    if (found) go(`/admin/privacy/${found}`);
  };
  return (
    <Frame title={said.title} about={said.about}>
      <form onSubmit={look}>
        <Group align="flex-end">
          <TextInput
            label={said.find}
            value={text}
            error={wrong && said.noId}
            style={{ flexGrow: 1 }}
            maw={640}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit">{said.look}</Button>
        </Group>
      </form>
      <Empty title={said.start} hint={said.startWhy} />
    </Frame>
  );
}
