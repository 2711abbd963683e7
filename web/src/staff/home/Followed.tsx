import type { FollowedShape } from "../../api/schema";
import { FollowedRow, followedKey, useRemedyName } from "./rows";
import { type Choosing, WaitingList } from "./WaitingList";
import type { useFollowed } from "./waiting";

type Props = {
  title: string;
  empty: string;
  read: ReturnType<typeof useFollowed>;
  choosing?: Choosing<FollowedShape>;
};

/** A list of remedies that the desk follows. */
export function Followed({ title, empty, read, choosing }: Props) {
  const name = useRemedyName();
  return (
    <WaitingList
      title={title}
      empty={empty}
      items={read.data?.pages.flatMap((page) => page.items) ?? []}
      read={read}
      keyOf={followedKey}
      nameOf={name}
      row={(one) => <FollowedRow one={one} />}
      {...(choosing ? { choosing } : {})}
    />
  );
}
