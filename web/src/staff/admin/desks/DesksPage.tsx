import { Anchor, Badge, Group, Table, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import type { DeskShape } from "../../../api/schema";
import { useLanguage, useWords } from "../../../shared/words";
import { Empty, Frame } from "../../common/Frame";
import { DeskName } from "../../names/DeskName";
import { useDeskNames } from "../../names/useDeskNames";
import { Asked, More, usePages } from "../common/Asked";
import { Confirm } from "../common/Confirm";
import { DeskPick } from "../common/DeskPick";
import { Do } from "../common/Do";
import { MarketPick, marketName, useMarket } from "../common/MarketPick";
import { useUndo } from "../common/undo";
import { Wide } from "../common/Wide";
import { spokenSeconds } from "../rules/tableWords";
import { words } from "./words";

const KEY = ["admin", "desks"] as const;

async function openDesk(desk: string, market: string, languages: string[]) {
  await answer(
    api.PUT("/v1/admin/desks/{desk}", { params: { path: { desk } }, body: { market, languages } }),
  );
}

/** All desks, and whether they take work. */
export default function DesksPage() {
  const said = useWords(words);
  const [desk, setDesk] = useState("");
  return (
    <Frame title={said.title} about={said.about} actions={<OpenDesk />}>
      <Group>
        <DeskPick value={desk} all={said.everyDesk} onPick={setDesk} />
      </Group>
      {desk === "" ? <EveryDesk /> : <OneDesk desk={desk} />}
    </Frame>
  );
}

function EveryDesk() {
  const query = usePages(KEY, (cursor) =>
    answer(api.GET("/v1/admin/desks", { params: { query: cursor ? { cursor } : {} } })),
  );
  return (
    <>
      <Asked query={query}>{(desks) => <Rows desks={desks} />}</Asked>
      <More query={query} />
    </>
  );
}

function OneDesk({ desk }: { desk: string }) {
  const query = useQuery({
    queryKey: [...KEY, desk],
    queryFn: () => answer(api.GET("/v1/admin/desks/{desk}", { params: { path: { desk } } })),
  });
  return <Asked query={query}>{(one) => <Rows desks={[one]} />}</Asked>;
}

function Rows({ desks }: { desks: readonly DeskShape[] }) {
  const said = useWords(words);
  if (desks.length === 0) return <Empty title={said.none} hint={said.noneWhy} />;
  return (
    <Wide
      label={said.title}
      head={[said.desk, said.market, said.languages, said.state, said.wait, ""]}
    >
      {desks.map((one) => (
        <Row key={one.desk} one={one} />
      ))}
    </Wide>
  );
}

function Row({ one }: { one: DeskShape }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const tell = useUndo();
  const name = useDeskNames([one.desk])(one.desk);
  const reopen = () => openDesk(one.desk, one.market, one.languages);
  const close = async () => {
    await answer(
      api.POST("/v1/admin/desks/{desk}/closing", { params: { path: { desk: one.desk } } }),
    );
    tell(said.closedNow(name), reopen);
    await queries.invalidateQueries({ queryKey: KEY });
  };
  return (
    <Table.Tr>
      <Table.Td>
        <DeskName desk={one.desk} />
        {one.desk !== "platform" && (
          <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {one.desk}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{marketName(one.market, language)}</Table.Td>
      <Table.Td>{one.languages.join(", ") || "–"}</Table.Td>
      <Table.Td>
        <Group gap={4}>
          <Badge variant="default">{one.open ? said.open : said.closed}</Badge>
          <Badge variant="default">{one.staffed ? said.staffed : said.unstaffed}</Badge>
          {one.surge && (
            <Badge color="red" variant="outline">
              {said.surge}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>{waited(one.oldest_wait_seconds, language)}</Table.Td>
      <Table.Td>
        <Group gap="sm">
          <Anchor component={Link} href={`/admin/story/desk/${one.desk}`} inherit>
            {said.story}
          </Anchor>
          {one.desk !== "platform" && one.open && (
            <Confirm
              label={said.close}
              consequence={said.closeWhat(name)}
              act={close}
              variant="default"
              size="compact-sm"
            />
          )}
          {!one.open && (
            <Do
              variant="default"
              size="compact-sm"
              label={said.reopen}
              act={async () => {
                await reopen();
                await queries.invalidateQueries({ queryKey: KEY });
              }}
            />
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function OpenDesk() {
  const said = useWords(words);
  const queries = useQueryClient();
  const [desk, setDesk] = useState("");
  const [market, setMarket] = useMarket();
  const [languages, setLanguages] = useState("zh, en");
  const open = async () => {
    const spoken = languages.split(/[,，\s]+/).filter((one) => one !== "");
    await openDesk(desk.trim(), market, spoken);
    await queries.invalidateQueries({ queryKey: KEY });
  };
  return (
    <Confirm
      label={said.openDesk}
      consequence={said.openWhat}
      act={open}
      ready={desk.trim() !== "" && market !== ""}
    >
      <TextInput
        label={said.desk}
        description={said.deskHint}
        value={desk}
        required
        data-autofocus
        onChange={(event) => setDesk(event.currentTarget.value)}
      />
      <MarketPick value={market} onPick={setMarket} />
      <TextInput
        label={said.languages}
        description={said.languagesHint}
        value={languages}
        onChange={(event) => setLanguages(event.currentTarget.value)}
      />
    </Confirm>
  );
}

function waited(seconds: number, language: "zh" | "en"): string {
  if (seconds === 0) return "–";
  return spokenSeconds(seconds < 60 ? seconds : Math.round(seconds / 60) * 60, language);
}
