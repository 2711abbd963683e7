import { useQueries } from "@tanstack/react-query";
import { plainText } from "../../shared/plainText";
import { useLanguage } from "../../shared/words";
import { code } from "../desk/codes";
import { publicName } from "./publicNames";

const DIGITS = 8;

/**
 * What desks ("platform", "merchant:ID") and carriers ("carrier:ID") are called: by their names in
 * public. One without a name is told by the beginning of its id; while it is asked, by its kind.
 */
export function useDeskNames(desks: readonly string[]): (desk: string) => string {
  const { language } = useLanguage();
  const parties = [...new Set(desks.map(partyOf).filter((party) => party !== ""))];
  const found = useQueries({
    queries: parties.map((party) => ({
      queryKey: ["name", party],
      queryFn: () => publicName(party),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: Number.POSITIVE_INFINITY,
    })),
  });
  return (desk) => {
    const party = partyOf(desk);
    const kind = code(desk.split(":")[0] ?? desk, language);
    const asked = found[parties.indexOf(party)];
    if (party === "" || asked?.isPending) return kind;
    return asked?.data ? plainText(asked.data) : `${kind} ${party.slice(0, DIGITS)}`;
  };
}

/** The merchant or creator whose desk it is; "" of the platform's. */
export function partyOf(desk: string): string {
  return desk.split(":")[1] ?? "";
}
