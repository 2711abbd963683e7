// Who caused a case and who is answerable for it, as its story says last.
import type { ToldShape } from "../../../api/schema";
import type { Language } from "../../../shared/words";
import { code } from "../codes";

export type Attribution = {
  cause: string;
  /** By kind of party, in hundredths. */
  liable: Readonly<Record<string, number>>;
  reasons: readonly string[];
  /** Somebody found it; else a rule presumes it. */
  found: boolean;
};

type Told = Record<string, unknown>;

const FOUND = "found";

/** What holds of a case; null where nobody has said anything of it. */
export function attributionOf(story: readonly ToldShape[], number: number): Attribution | null {
  const last = story
    .flatMap((told) => told.events as readonly Told[])
    .findLast((event) => event.type === "Attributed" && event.case === number);
  return last ? attributionOfEvent(last) : null;
}

export function attributionOfEvent(event: Told): Attribution {
  const liable: Record<string, number> = {};
  for (const share of listOf(event.liable)) {
    const [who, percent] = listOf(share);
    const kind = partyOf(who);
    liable[kind] = (liable[kind] ?? 0) + Number(percent ?? 0);
  }
  return {
    cause: partyOf(event.cause),
    liable,
    reasons: listOf(event.cause_reasons).map(String),
    found: event.rule === FOUND,
  };
}

/** "Merchant 70% · Carrier 30%". */
export function inWords({ liable }: Attribution, language: Language): string {
  const shares = Object.entries(liable).map(
    ([who, percent]) => `${code(who, language)} ${percent}%`,
  );
  return shares.join(" · ");
}

/** A party, as events write it: its kind and its id in one list. */
function partyOf(written: unknown): string {
  return String(listOf(written)[0] ?? "unknown");
}

function listOf(written: unknown): readonly unknown[] {
  return Array.isArray(written) ? written : [];
}
