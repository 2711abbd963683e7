import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import { usePublications } from "../rules/Publications";
import type { Cell } from "../rules/tableWords";

/** A row of a table of rules, by column. */
export type Rule = Record<string, Cell>;

/** The rows of one table of the rules that hold in a market now; undefined while they are asked for. */
export function useRules(market: string, table: string) {
  const published = usePublications(market);
  const pack = published.data?.items.find((one) => one.now)?.pack_hash ?? "";
  const tables = useQuery({
    queryKey: ["admin", "pack", pack],
    queryFn: () => answer(api.GET("/v1/admin/packs/{pack}/tables", { params: { path: { pack } } })),
    enabled: pack !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const found = tables.data?.tables.find((one) => one.name === table);
  const rows = found?.rows.map(
    (row): Rule => Object.fromEntries(found.columns.map((name, at) => [name, row.cells[at] ?? ""])),
  );
  const { error, errorUpdateCount, isFetching, refetch } = published.data ? tables : published;
  const data = tables.data && (rows ?? []);
  return { pack, data, error, errorUpdateCount, isFetching, refetch };
}
