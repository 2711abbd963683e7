import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
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
  return (
    <NativeSelect
      label={said.market}
      data={[...useMarkets()]}
      value={value}
      onChange={(event) => onPick(event.currentTarget.value)}
      w={120}
    />
  );
}
