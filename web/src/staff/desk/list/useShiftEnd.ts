import { useQuery } from "@tanstack/react-query";
import { useByNow } from "../../../shared/useNow";
import { ME } from "./PresenceSwitch";

/** When the shift ends in which no new work comes any more; nothing while there is none. */
export function useShiftEnd(): string {
  const { data: me } = useQuery(ME);
  return useByNow(
    (now) =>
      me?.shifts.find((one) => new Date(one.drains_at) <= now && now < new Date(one.ends_at))
        ?.ends_at ?? "",
  );
}
