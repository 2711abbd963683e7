import { useMutation } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { saveAs } from "../../shared/saveAs";
import { useWords } from "../../shared/words";
import { ProblemLine } from "../parts/Asked";
import { Button } from "../parts/Button";
import { words } from "./words";

const NAME = "my-data.json";

/** A copy of all that is kept about whoever asks, as a file of theirs. */
export function MyData() {
  const said = useWords(words);
  const copy = useMutation({
    mutationFn: () => answer(api.GET("/v1/help/export")),
    // Fetched by the page itself, since within a frame only the page knows its session.
    onSuccess: (kept) => saveAs(NAME, JSON.stringify(kept, null, 2)),
  });
  return (
    <details className="aside">
      <summary>{said.myData}</summary>
      <p className="quiet">{said.whatIsInIt}</p>
      <Button busy={copy.isPending} onClick={() => copy.mutate()}>
        {said.download}
      </Button>
      {copy.error && <ProblemLine error={copy.error} />}
    </details>
  );
}
