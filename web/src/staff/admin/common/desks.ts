import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import { useSession } from "../../session/session";

const DESK = /^(platform|(merchant|creator):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const NAME_MAX = 100;

/** Whether it is written as a desk is. */
export function isDesk(text: string): boolean {
  return DESK.test(text);
}

/** The desks of shops and creators whose public name begins so; nobody but an admin looks there. */
export function useDesksNamed(begins: string): readonly string[] {
  const { role } = useSession();
  const { data } = useQuery({
    queryKey: ["admin", "desks", "named", begins],
    queryFn: () => answer(api.GET("/v1/admin/desk-names", { params: { query: { begins } } })),
    enabled: role === "admin" && begins !== "" && begins.length <= NAME_MAX && !isDesk(begins),
    staleTime: 60_000,
  });
  return (data?.items ?? []).map((one) => one.desk);
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
