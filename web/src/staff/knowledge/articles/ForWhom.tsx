import { MultiSelect, TagsInput } from "@mantine/core";
import { useWords } from "../../../shared/words";
import { useAnsweredDesks } from "../../admin/common/desks";
import { useSession } from "../../session/session";
import { IssuePick } from "../IssuePick";
import { writesForAll } from "../mayWrite";
import { useDeskWords } from "./useDeskWords";
import { words } from "./words";
import type { Writing } from "./writing";

const DESKS_MAX = 24;
const MARKETS_MAX = 8;
const MARKET = /^[a-z0-9_-]{1,16}$/;
const KINDS = ["merchant", "creator"] as const;

/** Beside which cases it is suggested, whose people may read it, and where it holds. */
export function ForWhom({
  writing,
  onChange,
}: {
  writing: Writing;
  onChange: (told: Partial<Writing>) => void;
}) {
  const said = useWords(words);
  const forAll = writesForAll(useSession());
  const answered = useAnsweredDesks();
  const known = forAll ? ["platform", ...KINDS, ...answered] : answered;
  const desks = [...new Set([...known, ...writing.desks])];
  const desk = useDeskWords(desks);
  return (
    <>
      <IssuePick
        label={said.issues}
        description={said.issuesHint}
        value={writing.issues}
        onPick={(issues) => onChange({ issues })}
      />
      <MultiSelect
        label={said.desks}
        description={forAll ? said.desksHint : said.desksOwnHint}
        searchable
        maxValues={DESKS_MAX}
        value={writing.desks}
        data={desks.map((value) => ({ value, label: desk(value) }))}
        onChange={(chosen) => onChange({ desks: chosen })}
      />
      <TagsInput
        label={said.markets}
        description={said.marketsHint}
        maxTags={MARKETS_MAX}
        value={writing.markets}
        onChange={(chosen) => onChange({ markets: chosen.filter((one) => MARKET.test(one)) })}
      />
    </>
  );
}
