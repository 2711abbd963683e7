import { failedWords } from "../shared/failedWords";
import { useWords } from "../shared/words";
import { Button } from "./parts/Button";
import { Page } from "./parts/Page";

/** Instead of a page that has failed. */
export function Failed() {
  const said = useWords(failedWords);
  return (
    <Page title={said.failed}>
      <div role="alert">
        <p>{said.failedWhy}</p>
        <Button kind="main" onClick={() => window.location.reload()}>
          {said.reload}
        </Button>
      </div>
    </Page>
  );
}
