import { useDeskNames } from "./useDeskNames";

/** What a desk is called; its id is told to whoever points at it. */
export function DeskName({ desk }: { desk: string }) {
  const name = useDeskNames([desk]);
  return <bdi title={desk}>{name(desk)}</bdi>;
}
