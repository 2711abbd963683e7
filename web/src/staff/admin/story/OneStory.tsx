import { useInfiniteQuery } from "@tanstack/react-query";
import { useWords } from "../../../shared/words";
import { Empty, Frame } from "../../common/Frame";
import { Asked, More } from "../common/Asked";
import { type Part, wholeIfAny } from "./reading";
import { Steps } from "./Steps";
import { words } from "./words";

/** The story of one thing by itself. */
export function OneStory({ title, name, read }: { title: string; name: string; read: Part }) {
  const said = useWords(words);
  const query = useInfiniteQuery({
    queryKey: ["admin", "story", name],
    queryFn: ({ pageParam }) => wholeIfAny(read, pageParam),
    initialPageParam: 0,
    getNextPageParam: (last) => last.upto ?? undefined,
    select: ({ pages }) => ({
      steps: pages.flatMap((one) => one.items).map((item) => ({ item })),
      agents: pages.flatMap((one) => one.agents),
      rules: pages.flatMap((one) => one.rules),
    }),
  });
  return (
    <Frame title={title} about={said.about}>
      <Asked query={query}>
        {(found) =>
          found.steps.length === 0 ? (
            <Empty title={said.nothing} hint={said.nothingWhy} />
          ) : (
            <Steps {...found} />
          )
        }
      </Asked>
      <More query={query} />
    </Frame>
  );
}
