import { useQuery } from "@tanstack/react-query";
import { useWords } from "../../../shared/words";
import { Empty, Frame } from "../../common/Frame";
import { Asked } from "../common/Asked";
import { type Part, wholeIfAny } from "./reading";
import { Steps } from "./Steps";
import { words } from "./words";

/** The story of one thing by itself. */
export function OneStory({ title, name, read }: { title: string; name: string; read: Part }) {
  const said = useWords(words);
  const query = useQuery({ queryKey: ["admin", "story", name], queryFn: () => wholeIfAny(read) });
  return (
    <Frame title={title} about={said.about}>
      <Asked query={query}>
        {({ items, ...found }) =>
          items.length === 0 ? (
            <Empty title={said.nothing} hint={said.nothingWhy} />
          ) : (
            <Steps {...found} steps={items.map((item) => ({ item }))} />
          )
        }
      </Asked>
    </Frame>
  );
}
