import type { EntryShape, HelpCase } from "../../api/schema";
import { useWords } from "../../shared/words";
import { Button } from "../parts/Button";
import { words } from "./words";

/** Instead of waiting they are called, where that was offered and nobody has answered since. */
export function CallBack({
  one,
  entries,
  busy,
  onAsk,
}: {
  one: HelpCase;
  entries: EntryShape[];
  busy: boolean;
  onAsk: () => void;
}) {
  const said = useWords(words);
  const offered = entries.some((entry) => entry.kind === "call_back_offered");
  if (!offered || one.call_back || !one.answer_by) return null;
  return (
    <Button busy={busy} onClick={onAsk}>
      {said.callMe}
    </Button>
  );
}
