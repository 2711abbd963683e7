import { Anchor, Button, Group, Table, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { answer, api } from "../../../api/client";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Empty, Frame } from "../../common/Frame";
import { Asked, More, usePages } from "../common/Asked";
import { Wide } from "../common/Wide";
import { word } from "./vocabulary";
import { words } from "./words";

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Finds the case whose story is wanted: by its address, or by its consumer. */
export function StorySearch() {
  const said = useWords(words);
  const [, go] = useLocation();
  const [search] = useSearchParams();
  const consumer = search.get("consumer");
  const [text, setText] = useState(consumer ?? "");
  const [wrong, setWrong] = useState(false);
  const look = (event: FormEvent) => {
    event.preventDefault();
    const [first, second] = text.match(ID) ?? [];
    setWrong(first === undefined);
    if (first && second) go(`/admin/story/case/${first}/${second}`);
    else if (first) go(`/admin/story?consumer=${first}`);
  };
  return (
    <Frame title={said.title} about={said.about}>
      <form onSubmit={look}>
        <Group align="flex-end">
          <TextInput
            label={said.find}
            value={text}
            error={wrong && said.noId}
            miw={320}
            style={{ flexGrow: 1 }}
            maw={640}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit">{said.look}</Button>
        </Group>
      </form>
      {consumer ? (
        <Conversations key={consumer} consumer={consumer} />
      ) : (
        <Empty title={said.start} hint={said.startWhy} />
      )}
    </Frame>
  );
}

function Conversations({ consumer }: { consumer: string }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const query = usePages(["admin", "conversations", consumer], (cursor) =>
    answer(
      api.GET("/v1/admin/consumers/{consumer}/conversations", {
        params: { path: { consumer }, query: cursor ? { cursor } : {} },
      }),
    ),
  );
  return (
    <>
      <Asked query={query}>
        {(found) =>
          found.length === 0 ? (
            <Empty title={said.none} hint={said.noneWhy} />
          ) : (
            <Wide label={said.conversations} head={[said.subject, said.cases, said.changed]}>
              {found.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td>
                    <Anchor component={Link} href={`/admin/story/case/${consumer}/${one.id}`}>
                      {word(one.subject.kind, language)}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      {one.cases.map((each) => word(each.issue, language)).join(", ")}
                    </Text>
                  </Table.Td>
                  <Table.Td>{one.cases.length}</Table.Td>
                  <Table.Td>{one.changed_at && exactly(one.changed_at, language)}</Table.Td>
                </Table.Tr>
              ))}
            </Wide>
          )
        }
      </Asked>
      <More query={query} />
    </>
  );
}
