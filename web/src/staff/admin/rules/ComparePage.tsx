import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { Asked } from "../common/Asked";
import { Changes } from "./Changes";
import { words } from "./words";

/** Two stored packs, row by row. */
export function ComparePage({ before, after }: { before: string; after: string }) {
  const said = useWords(words);
  const query = useQuery({
    queryKey: ["admin", "difference", before, after],
    queryFn: () =>
      answer(
        api.GET("/v1/admin/packs/{pack}/difference", {
          params: { path: { pack: after }, query: { against: before } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Frame
      title={said.compareTitle}
      about={said.compareAbout}
      actions={
        <Anchor component={Link} href="/admin/rules">
          {said.back}
        </Anchor>
      }
    >
      <Asked query={query}>{(found) => <Changes found={found} />}</Asked>
    </Frame>
  );
}
