import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../../api/client";
import { useWords } from "../../../shared/words";
import { useSession } from "../../session/session";
import { mentionWords } from "./mentionWords";

/** The others of a desk of this agent's; who has no name here is told apart by their id. */
export function useColleagues(desk: string) {
  const said = useWords(mentionWords);
  const { agent } = useSession();
  const { data, error } = useQuery({
    queryKey: ["desk", "colleagues", desk],
    queryFn: () => answer(api.GET("/v1/desk/colleagues", { params: { query: { desk } } })),
    staleTime: 60_000,
  });
  const people = (data?.items ?? [])
    .filter((one) => one.agent !== agent)
    .map((one) => ({ agent: one.agent, name: one.name || said.unnamed(one.agent.slice(-4)) }));
  return { people, known: data !== undefined, error };
}
