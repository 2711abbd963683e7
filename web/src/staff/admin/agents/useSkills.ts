import { useQueries } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import { useMarkets } from "../common/MarketPick";

/** Every skill that the rules of some market name now. */
export function useSkills(): readonly string[] {
  const found = useQueries({
    queries: useMarkets().map((market) => ({
      queryKey: ["admin", "skills", market],
      queryFn: () => skillsOf(market),
      staleTime: 60_000,
    })),
  });
  return [...new Set(found.flatMap(({ data }) => data ?? []))].sort();
}

async function skillsOf(market: string): Promise<readonly string[]> {
  const published = await answer(
    api.GET("/v1/admin/markets/{market}/packs", { params: { path: { market } } }),
  );
  const pack = published.items.find((one) => one.now)?.pack_hash;
  if (!pack) return [];
  const { tables } = await answer(
    api.GET("/v1/admin/packs/{pack}/tables", { params: { path: { pack } } }),
  );
  return tables.find((one) => one.name === "skill")?.rows.map((row) => row.key) ?? [];
}
