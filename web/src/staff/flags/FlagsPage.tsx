import { answer, api } from "../../api/client";
import type { FlagShape } from "../../api/schema";
import { useWords } from "../../shared/words";
import { Asked, More, usePages } from "../admin/common/Asked";
import { Empty, Frame } from "../common/Frame";
import { Flagged, KEY } from "./Flagged";
import "./flags.css";
import { words } from "./words";

/** What the gate flagged and nobody has looked at, a conversation at a time, the oldest first. */
export default function FlagsPage() {
  const said = useWords(words);
  const query = usePages(KEY, (cursor) =>
    answer(api.GET("/v1/desk/flags", { params: { query: cursor ? { cursor } : {} } })),
  );
  /** Until more of the conversation is there: what was flagged in it may stand on several pages. */
  const readOn = async ([{ conversation }, ...others]: Group) => {
    const hasChanged = ({ data = [] }: { data?: FlagShape[] | undefined }) =>
      data.filter((one) => one.conversation === conversation).length !== 1 + others.length;
    if (hasChanged(await query.refetch())) return;
    for (let goesOn = true; goesOn; ) {
      const found = await query.fetchNextPage();
      goesOn = found.hasNextPage && !found.isError && !hasChanged(found);
    }
  };
  return (
    <Frame title={said.title} about={said.about}>
      <Asked query={query}>
        {(flags) =>
          flags.length === 0 ? (
            <Empty title={said.none} hint={said.noneWhy} />
          ) : (
            <ul className="flags" aria-label={said.title}>
              {byConversation(flags).map((group) => (
                <Flagged key={group[0].conversation} flags={group} readOn={() => readOn(group)} />
              ))}
            </ul>
          )
        }
      </Asked>
      <More query={query} />
    </Frame>
  );
}

type Group = [FlagShape, ...FlagShape[]];

/** Those of one conversation together, where its oldest stands. */
function byConversation(flags: readonly FlagShape[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const one of flags) {
    const known = groups.get(one.conversation);
    if (known) known.push(one);
    else groups.set(one.conversation, [one]);
  }
  return [...groups.values()];
}
