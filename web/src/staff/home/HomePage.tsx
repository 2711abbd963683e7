import { SimpleGrid, Stack } from "@mantine/core";
import { useByNow } from "../../shared/useNow";
import { useWords } from "../../shared/words";
import { Frame } from "../common/Frame";
import { useSession } from "../session/session";
import { Accounts, AtRisk } from "./AtRisk";
import { BulkBar } from "./BulkBar";
import { type Chosen, canGrant, type Item } from "./bulk";
import { useCode } from "./codes";
import { spans, useHome } from "./desks";
import { Followed } from "./Followed";
import { HomePick } from "./HomePick";
import "./home.css";
import { CaseRow, caseKey, followedKey, RemedyRow, remedyKey, useRemedyName } from "./rows";
import { useChoosing } from "./useChoosing";
import { WaitingList } from "./WaitingList";
import { useCasesDue, useFollowed, useRemediesDue } from "./waiting";
import { words } from "./words";

/** A merchant's or creator's home: what waits, what silence will decide, and answers to many. */
export default function HomePage() {
  const said = useWords(words);
  const session = useSession();
  const [desk, look] = useHome(session);
  return (
    <Frame title={said.title} about={said.about} actions={<HomePick desk={desk} look={look} />}>
      <Stack className="home">
        <Waiting key={desk} desk={desk} />
      </Stack>
    </Frame>
  );
}

function Waiting({ desk }: { desk: string }) {
  const said = useWords(words);
  const code = useCode();
  const remedyName = useRemedyName();
  const tonight = useByNow((now) => spans(now).tonight);
  const remedies = useRemediesDue(desk, tonight);
  const cases = useCasesDue(desk, tonight);
  const decided = useFollowed(desk, "decided");
  const due = remedies.data?.pages.flatMap((page) => page.items) ?? [];
  const open = cases.data?.pages.flatMap((page) => page.items) ?? [];
  const turnable = decided.data?.pages.flatMap((page) => page.items) ?? [];
  const risks = [...(remedies.data?.pages ?? []), ...(cases.data?.pages ?? [])].flatMap(
    (page) => page.at_risk ?? [],
  );
  const lost = open.filter(
    ({ outlook }) => outlook.then === "taken_over" && outlook.at < tonight,
  ).length;
  const ofRemedies = useChoosing(due, remedyKey, canGrant);
  const ofCases = useChoosing(open, caseKey, (one) => !one.asked_by);
  const ofDecided = useChoosing(turnable, followedKey, () => true);
  const chosen: Chosen = {
    remedies: ofRemedies.items,
    cases: ofCases.items,
    decided: ofDecided.items,
  };
  const clear = () => {
    for (const one of [ofRemedies, ofCases, ofDecided]) one.clear();
  };
  /** What was done is chosen no more; the rest may be tried again, or come next. */
  const leave = (done: readonly Item["of"][]) => {
    for (const one of done) {
      if ("issue" in one) ofCases.choose([caseKey(one)], false);
      else if ("what" in one) ofDecided.choose([followedKey(one)], false);
      else ofRemedies.choose([remedyKey(one)], false);
    }
  };
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <AtRisk
          risks={risks}
          lost={lost}
          more={remedies.hasNextPage || cases.hasNextPage}
          read={readOf(remedies, cases)}
        />
        <Accounts desk={desk} />
      </SimpleGrid>
      <WaitingList
        title={said.remedies}
        empty={said.noRemedies}
        items={due}
        read={remedies}
        keyOf={remedyKey}
        nameOf={remedyName}
        row={(one) => <RemedyRow one={one} />}
        choosing={ofRemedies}
      />
      <WaitingList
        title={said.cases}
        empty={said.noCases}
        items={open}
        read={cases}
        keyOf={caseKey}
        nameOf={(one) => code(one.issue)}
        row={(one) => <CaseRow one={one} />}
        choosing={ofCases}
      />
      <Followed title={said.decided} empty={said.noDecided} read={decided} choosing={ofDecided} />
      <FollowedOf desk={desk} />
      <BulkBar chosen={chosen} clear={clear} leave={leave} />
    </>
  );
}

type Read = { data: unknown; error: unknown };

/** Whether all of it is known, still comes, or could not be read. */
function readOf(...reads: Read[]): "whole" | "waiting" | "failed" {
  const missing = reads.filter((one) => one.data === undefined);
  if (missing.length === 0) return "whole";
  return missing.some((one) => one.error) ? "failed" : "waiting";
}

function FollowedOf({ desk }: { desk: string }) {
  const said = useWords(words);
  const withPlatform = useFollowed(desk, "with_platform");
  const returning = useFollowed(desk, "returning");
  return (
    <>
      <Followed title={said.withPlatform} empty={said.noWithPlatform} read={withPlatform} />
      <Followed title={said.returning} empty={said.noReturning} read={returning} />
    </>
  );
}
