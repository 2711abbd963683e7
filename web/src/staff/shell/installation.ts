import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";

/** What this installation is; told to anybody. */
export function useInstallation() {
  return useQuery({
    queryKey: ["installation"],
    queryFn: () => answer(api.GET("/v1/installation")),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
