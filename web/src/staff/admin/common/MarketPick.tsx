import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../../api/client";
import { Problem } from "../../../api/problems";
import { type Language, useLanguage, useWords } from "../../../shared/words";
import { problemWords } from "../../shell/problemWords";
import { words } from "./words";

const NONE: readonly string[] = [];

function useKnownMarkets() {
  return useQuery({
    queryKey: ["admin", "markets"],
    queryFn: () => answer(api.GET("/v1/admin/markets")),
  });
}

/** The markets in which rules hold. */
export function useMarkets(): readonly string[] {
  return useKnownMarkets().data?.items ?? NONE;
}

/** The market that is looked at, which is the installation's own until another is picked; empty
 * until that is known. */
export function useMarket(): [string, (market: string) => void] {
  const { data } = useKnownMarkets();
  const [picked, pick] = useState<string | null>(null);
  const own = data?.items.find((one) => one === data.own) ?? data?.items[0] ?? "";
  return [picked ?? own, pick];
}

/** Which market is looked at. */
export function MarketPick({ value, onPick }: { value: string; onPick: (market: string) => void }) {
  const said = useWords(words);
  const { language } = useLanguage();
  const { data, error } = useKnownMarkets();
  return (
    <NativeSelect
      label={said.market}
      error={!data && error instanceof Problem && problemWords(error, language)}
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
