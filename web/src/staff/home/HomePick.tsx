import { NativeSelect, Text } from "@mantine/core";
import { useWords } from "../../shared/words";
import { useDeskNames } from "../names/useDeskNames";
import { useSession } from "../session/session";
import { homesOf } from "./desks";
import { words } from "./words";

/** Which merchant's or creator's desk is looked at; only its name where there is no other. */
export function HomePick({ desk, look }: { desk: string; look: (desk: string) => void }) {
  return <OneOf desks={homesOf(useSession())} desk={desk} look={look} />;
}

/** Which of these desks is looked at; only its name where there is no other. */
export function OneOf({
  desks,
  desk,
  look,
}: {
  desks: readonly string[];
  desk: string;
  look: (desk: string) => void;
}) {
  const said = useWords(words);
  const deskName = useDeskNames(desks);
  if (desks.length < 2) {
    return (
      <Text fw={600}>
        <bdi>{deskName(desk)}</bdi>
      </Text>
    );
  }
  return (
    <NativeSelect
      label={said.desk}
      value={desk}
      onChange={(event) => look(event.currentTarget.value)}
      data={desks.map((one) => ({ value: one, label: deskName(one) }))}
    />
  );
}
