import { Anchor, Button, Group, NativeSelect, Table, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { answer, api } from "../../../api/client";
import { exactly } from "../../../shared/format";
import { useLanguage, useWords } from "../../../shared/words";
import { Empty, Frame } from "../../common/Frame";
import { Asked, More, usePages } from "../common/Asked";
import { Wide } from "../common/Wide";
import { paths } from "./paths";
import { word } from "./vocabulary";
import { words } from "./words";

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

const CURRENCY = /\b[A-Z]{3}\b/;
const KINDS = ["oneCase", "wallet", "account", "listing"] as const;
type Kind = (typeof KINDS)[number];

/** Where the story of this kind of thing is, by the ids in a text; `null` where one is missing. */
function placeOf(kind: Kind, text: string): string | null {
  const [first, second] = text.match(ID) ?? [];
  const currency = text.match(CURRENCY)?.[0];
  if (!first) return null;
  switch (kind) {
    case "oneCase":
      return second ? paths.case(first, second) : paths.consumer(first);
    case "wallet":
      return paths.wallet(first);
    case "account":
      return currency ? paths.account(first, currency) : null;
    case "listing":
      return second ? paths.listing(first, second) : null;
  }
}

/** Finds what the story is wanted of: by its address or its ids, a case also by its consumer. */
export function StorySearch() {
  const said = useWords(words);
  const [, go] = useLocation();
  const [search] = useSearchParams();
  const consumer = search.get("consumer");
  const [text, setText] = useState(consumer ?? "");
  const [kind, setKind] = useState<Kind>("oneCase");
  const [wrong, setWrong] = useState(false);
  const labels = {
    oneCase: said.find,
    wallet: said.findWallet,
    account: said.findAccount,
    listing: said.findListing,
  };
  const look = (event: FormEvent) => {
    event.preventDefault();
    const place = placeOf(kind, text);
    setWrong(place === null);
    if (place) go(place);
  };
  return (
    <Frame title={said.title} about={said.about}>
      <form onSubmit={look}>
        <Group align="flex-end">
          <NativeSelect
            label={said.kind}
            value={kind}
            onChange={(event) => {
              setKind(KINDS.find((one) => one === event.currentTarget.value) ?? "oneCase");
              setWrong(false);
            }}
            data={KINDS.map((one) => ({ value: one, label: said[one] }))}
          />
          <TextInput
            label={labels[kind]}
            value={text}
            error={wrong && (text.match(ID) ? said.lacks : said.noId)}
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
                    <Anchor component={Link} href={paths.case(consumer, one.id)}>
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
