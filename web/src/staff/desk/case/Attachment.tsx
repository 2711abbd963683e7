import { Anchor } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../../shared/words";
import { words } from "./words";

type Props = { consumer: string; conversation: string; id: string };

/** A file of a message, from its own path: a picture where it is one, else a link to it. */
export function Attachment({ consumer, conversation, id }: Props) {
  const said = useWords(words);
  const [isPicture, setIsPicture] = useState(true);
  const href = `/v1/desk/cases/${consumer}/${conversation}/attachments/${id}`;
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" size="sm" className="attachment">
      {isPicture ? (
        <img src={href} alt={said.picture} loading="lazy" onError={() => setIsPicture(false)} />
      ) : (
        said.file
      )}
    </Anchor>
  );
}
