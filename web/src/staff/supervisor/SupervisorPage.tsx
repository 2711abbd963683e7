import { Anchor, Badge, Group, NumberInput, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, Route, Switch, useSearchParams } from "wouter";
import { answer, api } from "../../api/client";
import { Problem } from "../../api/problems";
import { useWords } from "../../shared/words";
import { Asked } from "../admin/common/Asked";
import { DeskPick } from "../admin/common/DeskPick";
import { isDesk, useAnsweredDesks } from "../admin/common/desks";
import { Empty, Frame } from "../common/Frame";
import { useSession } from "../session/session";
import { Agents } from "./Agents";
import { Numbers } from "./Numbers";
import { Pressing } from "./Pressing";
import { Queues } from "./Queues";
import { Silent } from "./Silent";
import { Staffing } from "./Staffing";
import { Surge } from "./Surge";
import { Whisper, type WhisperTarget } from "./Whisper";
import { useWall } from "./wall";
import WeekPage from "./week/WeekPage";
import { words } from "./words";

const MINUTES = 15;

/** The wall of a desk, and who works when at it. */
export default function SupervisorPage() {
  return (
    <Switch>
      <Route path="/supervisor/shifts">
        <WeekPage />
      </Route>
      <Route>
        <WallPage />
      </Route>
    </Switch>
  );
}

/** What a supervisor sees of a desk, and moves. */
function WallPage() {
  const said = useWords(words);
  const answered = useAnsweredDesks();
  const { role } = useSession();
  const [asked, ask] = useSearchParams();
  const named = asked.get("desk") ?? "";
  const known = answered.includes(named) || (role === "admin" && isDesk(named));
  const chosen = known ? named : answered[0];
  const [minutes, setMinutes] = useState(MINUTES);
  if (chosen === undefined) {
    return (
      <Frame title={said.title} about={said.about}>
        <Text>{said.nothing}</Text>
      </Frame>
    );
  }
  return (
    <Frame
      title={said.title}
      about={said.about}
      actions={
        <>
          <DeskPick value={chosen} onPick={(one) => ask({ desk: one }, { replace: true })} />
          <NumberInput
            label={said.minutes}
            min={1}
            max={240}
            value={minutes}
            onChange={(value) => setMinutes(Math.min(240, Math.max(1, Number(value) || MINUTES)))}
            w={180}
          />
          <Anchor component={Link} href={`/supervisor/shifts?desk=${encodeURIComponent(chosen)}`}>
            {said.team}
          </Anchor>
        </>
      }
    >
      <Desk key={`${chosen}/${minutes}`} desk={chosen} minutes={minutes} />
    </Frame>
  );
}

function Desk({ desk, minutes }: { desk: string; minutes: number }) {
  const said = useWords(words);
  const { shown, connected, ended } = useWall(desk, minutes);
  // Its place is here, where no row that goes takes it along.
  const [whispering, whisper] = useState<WhisperTarget | null>(null);
  const dialog = whispering && <Whisper target={whispering} onClose={() => whisper(null)} />;
  if (ended) {
    return (
      <>
        {dialog}
        <Ended desk={desk} />
      </>
    );
  }
  if (shown === null) {
    return (
      <>
        {dialog}
        <Skeleton h={120} aria-busy role="status" />
      </>
    );
  }
  return (
    <>
      {dialog}
      <Group>
        <Badge color={connected ? "teal.9" : "gray.7"} variant="filled" role="status">
          {connected ? said.live : said.broken}
        </Badge>
      </Group>
      <Numbers wall={shown} />
      <Silent desk={desk} agents={shown.agents} onWhisper={whisper} />
      <Pressing desk={desk} agents={shown.agents} onWhisper={whisper} />
      <Queues queues={shown.queues} />
      <Agents desk={desk} agents={shown.agents} more={shown.more_agents} />
      <Surge desk={shown.desk} />
      <Staffing desk={desk} />
    </>
  );
}

/** Why it is told no more: asked once by itself, as whoever is logged out may log in anew. */
function Ended({ desk }: { desk: string }) {
  const said = useWords(words);
  const query = useQuery({
    queryKey: ["wall", "ended", desk],
    queryFn: () => answer(api.GET("/v1/desk/wall", { params: { query: { desk } } })),
    gcTime: 0,
  });
  const { error } = query;
  if (error instanceof Problem && error.code === "desk_unknown") return <NotOpened />;
  return <Asked query={query}>{() => <Text role="status">{said.ended}</Text>}</Asked>;
}

/** A desk that nobody has opened yet, and who can. */
function NotOpened() {
  const said = useWords(words);
  const { role } = useSession();
  if (role !== "admin") return <Empty title={said.notOpened} hint={said.adminOpens} />;
  return (
    <Empty title={said.notOpened} hint={said.youOpen}>
      <Anchor component={Link} href="/admin/desks">
        {said.desks}
      </Anchor>
    </Empty>
  );
}
