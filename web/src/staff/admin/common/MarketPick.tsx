import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import { type Language, useLanguage, useWords } from "../../../shared/words";
import { words } from "./words";

const FIRST = "cn";

/** The markets in which rules hold. */
export function useMarkets(): readonly string[] {
  const { data } = useQuery({
    queryKey: ["admin", "markets"],
    queryFn: () => answer(api.GET("/v1/admin/markets")),
  });
  return data?.items ?? [FIRST];
}

/** Which market is looked at. */
export function MarketPick({ value, onPick }: { value: string; onPick: (market: string) => void }) {
  const said = useWords(words);
  const { language } = useLanguage();
  return (
    <NativeSelect
      label={said.market}
      data={useMarkets().map((one) => ({ value: one, label: marketName(one, language) }))}
      value={value}
      onChange={(event) => onPick(event.currentTarget.value)}
      w={180}
    />
  );
}

/** A market that is called as a region is, by the region's name; others as they are written. */
export function marketName(market: string, language: Language): string {
  if (!/^[a-z]{2}$/.test(market)) return market;
  return new Intl.DisplayNames(language, { type: "region" }).of(market.toUpperCase()) ?? market;
}
