import { useWords } from "../shared/words";
import { ButtonLink } from "./parts/Button";
import { Page } from "./parts/Page";
import { words as partWords } from "./parts/words";
import { paths } from "./paths";
import { words } from "./words";

/** An address under which there is nothing, or nothing that one may see: the same for both. */
export function NothingHere() {
  const said = useWords(words);
  const home = useWords(partWords).home;
  return (
    <Page title={said.nothing} back={paths.home}>
      <p>{said.nothingHere}</p>
      <ButtonLink to={paths.home}>{home}</ButtonLink>
    </Page>
  );
}
