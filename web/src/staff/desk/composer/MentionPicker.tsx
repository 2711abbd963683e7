import { Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../../shared/words";
import { ProblemNote } from "../../shell/ProblemNote";
import { mentionWords } from "./mentionWords";
import { Picker } from "./Picker";
import { useColleagues } from "./useColleagues";

type Props = {
  desk: string;
  onChosen: (agent: string, name: string) => void;
  onClose: () => void;
};

/** The people of one's desk whom a note can name. */
export function MentionPicker({ desk, onChosen, onClose }: Props) {
  const said = useWords(mentionWords);
  const [wanted, setWanted] = useState("");
  const { people, known, error } = useColleagues(desk);
  const found = people.filter((one) => one.name.toLowerCase().includes(wanted.toLowerCase()));
  const choose = (one: (typeof people)[number] | undefined) => one && onChosen(one.agent, one.name);
  return (
    <Picker {...{ said, wanted, onClose }} onWanted={setWanted} onFirst={() => choose(found[0])}>
      {error && <ProblemNote error={error} />}
      {known && found.length === 0 && <Text size="sm">{said.none}</Text>}
      {found.map((one) => (
        <UnstyledButton key={one.agent} className="choice" onClick={() => choose(one)}>
          {one.name}
        </UnstyledButton>
      ))}
    </Picker>
  );
}
