import { useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { Failed } from "./Failed";
import { WaitsToLeave } from "./WaitsToLeave";
import { words } from "./words";

/** What needs a look by whoever keeps it running. */
export default function OperationsPage() {
  const said = useWords(words);
  return (
    <Frame title={said.title} about={said.about}>
      <Failed />
      <WaitsToLeave />
    </Frame>
  );
}
