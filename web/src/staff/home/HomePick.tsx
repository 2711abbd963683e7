import { NativeSelect, Text } from "@mantine/core";
import { useWords } from "../../shared/words";
import { useDeskNames } from "../names/useDeskNames";
import { useSession } from "../session/session";
import { homesOf } from "./desks";
import { words } from "./words";

/** Which merchant's or creator's desk is looked at; only its name where there is no other. */
export function HomePick({ desk, look }: { desk: string; look: (desk: string) => void }) {
  const said = useWords(words);
  const homes = homesOf(useSession());
  const deskName = useDeskNames(homes);
  if (homes.length < 2) {
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
      data={homes.map((one) => ({ value: one, label: deskName(one) }))}
    />
  );
}
