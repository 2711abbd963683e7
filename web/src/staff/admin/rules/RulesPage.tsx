import { Stack, Title } from "@mantine/core";
import { useWords } from "../../../shared/words";
import { Frame } from "../../common/Frame";
import { MarketPick, useMarket } from "../common/MarketPick";
import { CandidateList } from "./CandidateList";
import { Publications } from "./Publications";
import { words } from "./words";

/** What holds in a market from when, and what is being tried for it. */
export function RulesPage() {
  const said = useWords(words);
  const [market, setMarket] = useMarket();
  return (
    <Frame
      title={said.title}
      about={said.about}
      actions={<MarketPick value={market} onPick={setMarket} />}
    >
      <Stack gap="xs">
        <Title order={2} size="h4">
          {said.held}
        </Title>
        <Publications market={market} />
      </Stack>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {said.candidates}
        </Title>
        {market && <CandidateList market={market} />}
      </Stack>
    </Frame>
  );
}
