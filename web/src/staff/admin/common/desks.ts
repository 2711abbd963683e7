import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { words } from "./words";

const DESK = /^(platform|(merchant|creator):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Whether it is written as a desk is. */
export function isDesk(text: string): boolean {
  return DESK.test(text);
}

/** The desks for which this person answers: those they supervise; of an admin's the first hundred. */
export function useAnsweredDesks(): readonly string[] {
  const { role, supervised } = useSession();
  const { data } = useQuery({
    queryKey: ["admin", "desks", "first"],
    queryFn: () => answer(api.GET("/v1/admin/desks", { params: { query: { limit: 100 } } })),
    enabled: role === "admin",
    staleTime: 60_000,
  });
  if (role !== "admin") return supervised;
  const others = (data?.items ?? []).map((one) => one.desk).filter((desk) => desk !== "platform");
  return ["platform", ...others];
}

/** What a desk is called in a list of several. */
export function useDeskName(): (desk: string) => string {
  const said = useWords(words);
  return (desk) => {
    const [kind, id = ""] = desk.split(":");
    if (kind === "merchant") return said.merchantDesk(id.slice(0, 8));
    return kind === "creator" ? said.creatorDesk(id.slice(0, 8)) : said.platformDesk;
  };
}
