import { Text } from "@mantine/core";
import type { OutlookShape } from "../../api/schema";
import { ahead, exactly, money } from "../../shared/format";
import { useNow } from "../../shared/useNow";
import { useColon, useLanguage, useWords } from "../../shared/words";
import { useCode } from "./codes";
import { words } from "./words";

const SOON_MS = 3_600_000;

/** What a clock does by itself, when, at whose charge, and what prevents it. */
export function OutlookLine({ outlook }: { outlook: OutlookShape }) {
  const said = useWords(words);
  const colon = useColon();
  const code = useCode();
  const { language } = useLanguage();
  const now = useNow();
  const names = { ...said, decided: said.decidedThen, disputed: said.disputedThen };
  const own = outlook.own_minor
    ? said.own(money(outlook.own_minor, outlook.currency ?? "", language))
    : "";
  const what = outlook.decision
    ? `${names[outlook.then]}${colon}${code(outlook.decision)}`
    : names[outlook.then];
  const parts = [what, own, outlook.missed ? said.missed : ""].filter(Boolean);
  const soon = new Date(outlook.at).getTime() - now < SOON_MS;
  const actions = (outlook.prevented_by ?? []).map((one) => said[one]);
  return (
    <div>
      <Text size="sm" {...(soon ? { className: "urgent" } : {})}>
        <time dateTime={outlook.at} title={exactly(outlook.at, language)} className="countdown">
          {ahead(outlook.at, now, language)}
        </time>
        {` · ${parts.join(" · ")}`}
      </Text>
      {actions.length > 0 && (
        <Text size="sm" c="dimmed">
          {said.prevent(actions.join(said.or))}
        </Text>
      )}
    </div>
  );
}
