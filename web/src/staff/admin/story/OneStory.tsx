import { useQuery } from "@tanstack/react-query";
import { useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { Asked } from "../common/Asked";
import { type Part, whole } from "./reading";
import { Steps } from "./Steps";
import { words } from "./words";

/** The story of one thing by itself. */
export function OneStory({ title, name, read }: { title: string; name: string; read: Part }) {
  const said = useWords(words);
  const query = useQuery({ queryKey: ["admin", "story", name], queryFn: () => whole(read) });
  return (
    <Frame title={title} about={said.about}>
      <Asked query={query}>
        {({ items, ...found }) => <Steps {...found} steps={items.map((item) => ({ item }))} />}
      </Asked>
    </Frame>
  );
}
