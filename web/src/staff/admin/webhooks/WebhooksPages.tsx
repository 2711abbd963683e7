import { Anchor, Badge, Checkbox, SimpleGrid, Table, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link, Route, Switch } from "wouter";
import { answer, api } from "../../../api/client";
import type { EndpointShape, TopicsOffered } from "../../../api/schema";
import { useWords } from "../../../shared/words";
import { Empty, Frame } from "../../common/Frame";
import { DeskName } from "../../names/DeskName";
import { Asked, More } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { Secret } from "../common/Secret";
import { Wide } from "../common/Wide";
import { WebhookPage } from "./WebhookPage";
import { useWhere } from "./where";
import { words } from "./words";

const TOPICS_SHOWN = 3;

/** The endpoints of webhooks, and one of them with what goes there; `pick`: of which desk. */
export default function WebhooksPages({ pick }: { pick?: ReactNode }) {
  const { at, desk } = useWhere();
  return (
    <Switch>
      <Route path={`${at}/:webhook`}>{({ webhook }) => <WebhookPage webhook={webhook} />}</Route>
      <Route>
        <Webhooks key={desk} pick={pick} />
      </Route>
    </Switch>
  );
}

function Webhooks({ pick }: { pick?: ReactNode }) {
  const said = useWords(words);
  const { base, desk } = useWhere();
  const [secret, setSecret] = useState("");
  const query = useInfiniteQuery({
    queryKey: ["admin", "webhooks", desk],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET(base, {
          params: { query: { ...(desk ? { desk } : {}), ...(cursor ? { cursor } : {}) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const topics = query.data?.pages[0]?.topics;
  const actions = (
    <>
      {pick}
      {topics && <Add offered={topics} onAdded={setSecret} />}
    </>
  );
  return (
    <Frame title={said.title} about={said.about} actions={actions}>
      {secret && <Secret title={said.secretOf} value={secret} />}
      <Asked query={query}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <Empty title={said.none} hint={said.noneWhy} />
          ) : (
            <Wide label={said.title} head={[said.url, said.desk, said.topics, said.state]}>
              {pages
                .flatMap((page) => page.items)
                .map((one) => (
                  <Row key={one.id} one={one} />
                ))}
            </Wide>
          )
        }
      </Asked>
      <More query={query} />
    </Frame>
  );
}

function Row({ one }: { one: EndpointShape }) {
  const { at } = useWhere();
  const more = one.topics.length - TOPICS_SHOWN;
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: "anywhere" }}>
        <Anchor component={Link} href={`${at}/${one.id}`} inherit>
          {one.url}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <DeskName desk={one.desk} />
      </Table.Td>
      <Table.Td>
        {one.topics.slice(0, TOPICS_SHOWN).join(", ")}
        {more > 0 && ` +${more}`}
      </Table.Td>
      <Table.Td>
        <State one={one} />
      </Table.Td>
    </Table.Tr>
  );
}

/** How it is going at an endpoint, in one badge. */
export function State({ one }: { one: EndpointShape }) {
  const said = useWords(words);
  if (one.disabled_at) {
    return (
      <Badge color="red" variant="outline">
        {said.disabledMark}
      </Badge>
    );
  }
  return (
    <Badge variant="default">{one.failures > 0 ? said.failing(one.failures) : said.works}</Badge>
  );
}

type Topic = TopicsOffered["platform"][number];

function Add({ offered, onAdded }: { offered: TopicsOffered; onAdded: (secret: string) => void }) {
  const said = useWords(words);
  const queries = useQueryClient();
  const [url, setUrl] = useState("");
  const { base, desk: own } = useWhere();
  const [desk, setDesk] = useState(own ?? "platform");
  const [note, setNote] = useState("");
  const [without, setWithout] = useState<readonly Topic[]>([]);
  const possible = desk.trim() === "platform" ? offered.platform : offered.desk;
  const topics = possible.filter((one) => !without.includes(one));
  const add = async () => {
    const { secret } = await answer(api.POST(base, { body: { desk, url, note, topics } }));
    onAdded(secret);
    setUrl("");
    await queries.invalidateQueries({ queryKey: ["admin", "webhooks"] });
  };
  return (
    <Confirm
      label={said.add}
      consequence={said.addWhat}
      act={add}
      ready={url.trim() !== "" && topics.length > 0}
    >
      <TextInput
        label={said.url}
        type="url"
        placeholder="https://"
        value={url}
        required
        data-autofocus
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      {own === null && (
        <TextInput
          label={said.desk}
          description={said.deskHint}
          value={desk}
          required
          onChange={(event) => setDesk(event.currentTarget.value)}
        />
      )}
      <TextInput
        label={said.note}
        value={note}
        maxLength={200}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Checkbox.Group
        label={said.topics}
        value={topics}
        onChange={(chosen) => setWithout(possible.filter((one) => !chosen.includes(one)))}
        required
      >
        <SimpleGrid cols={2} spacing="xs" mt={4}>
          {possible.map((one) => (
            <Checkbox
              key={one}
              value={one}
              label={one}
              styles={{ label: { wordBreak: "break-all" } }}
            />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
    </Confirm>
  );
}
