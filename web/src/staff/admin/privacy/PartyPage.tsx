import { Anchor, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import { exactly } from "../../../shared/format";
import { saveAs } from "../../../shared/saveAs";
import { useLanguage, useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { Asked } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { Do } from "../common/Do";
import { Holds } from "./Holds";
import { Reveals } from "./Reveals";
import { words } from "./words";

const SURE_LENGTH = 8;

/** One party's data: whether it is held or was erased, a copy, and who saw it. */
export function PartyPage({ party }: { party: string }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const query = useQuery({
    queryKey: ["admin", "privacy", party],
    queryFn: () =>
      answer(api.GET("/v1/admin/parties/{party}/privacy", { params: { path: { party } } })),
  });
  return (
    <Frame
      title={said.title}
      about={party}
      actions={
        <>
          <Anchor component={Link} href={`/admin/story/party/${party}`}>
            {said.story}
          </Anchor>
          <Anchor component={Link} href="/admin/privacy">
            {said.another}
          </Anchor>
        </>
      }
    >
      <Asked query={query}>
        {(found) => (
          <>
            <Stack gap="xs">
              <Title order={2} size="h4">
                {said.standing}
              </Title>
              <Text>
                {found.erased_at
                  ? said.erasedAt(exactly(found.erased_at, language))
                  : said.notErased}
              </Text>
              <Erase party={party} />
            </Stack>
            <Holds party={party} holds={found.holds ?? []} />
          </>
        )}
      </Asked>
      <Copy consumer={party} />
      <Reveals consumer={party} />
    </Frame>
  );
}

function Erase({ party }: { party: string }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const erase = async () => {
    await answer(api.POST("/v1/admin/parties/{party}/erasure", { params: { path: { party } } }));
    await queries.invalidateQueries({ queryKey: ["admin", "privacy", party] });
  };
  return (
    <div>
      <Confirm
        label={said.erase}
        consequence={said.eraseWhat}
        act={erase}
        ready={typed.trim() === party.slice(0, SURE_LENGTH)}
        onOpen={() => setTyped("")}
        color="red"
        variant="light"
      >
        <TextInput
          label={said.sure}
          value={typed}
          maxLength={SURE_LENGTH}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </Confirm>
    </div>
  );
}

function Copy({ consumer }: { consumer: string }) {
  const said = useWords(words);
  const copy = async () => {
    const kept = await answer(
      api.GET("/v1/admin/consumers/{consumer}/export", { params: { path: { consumer } } }),
    );
    saveAs(`${consumer}.json`, JSON.stringify(kept, null, 2));
  };
  return (
    <Group>
      <Do label={said.copy} act={copy} variant="default" />
      <Text size="sm" c="dimmed">
        {said.copyWhat}
      </Text>
    </Group>
  );
}
