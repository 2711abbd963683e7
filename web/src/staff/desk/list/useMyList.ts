import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answer, api } from "../../../api/client";
import { listen } from "../../../api/live";
import type { DeskLists } from "../../../api/schema";
import { useSession } from "../../session/session";

const LIST = ["desk", "list"];
const ME = ["desk", "me"];

/** What is mine and what may come, kept up to date; `connected`: right now. */
export function useMyList() {
  const queries = useQueryClient();
  const session = useSession();
  const [connected, setConnected] = useState(true);
  const { data, error } = useQuery({
    queryKey: LIST,
    queryFn: () => answer(api.GET("/v1/desk/list")),
    // What happens is sent to us.
    staleTime: Number.POSITIVE_INFINITY,
  });
  // A session that was begun anew listens anew.
  const begun = session.csrf_token;
  useEffect(() => {
    if (!begun) return;
    return listen("/v1/desk/list/updates", {
      onEvent: async (event) => {
        // Why, asking says: the session is over.
        if (event.event === "ended") listAgain(queries);
        if (event.event !== "list") return;
        const asked = queries.getQueryState<DeskLists>(LIST);
        const again = asked?.fetchStatus === "fetching" && asked.data !== undefined;
        // What is on its way was asked for before this, and may not know of it.
        await queries.cancelQueries({ queryKey: LIST });
        queries.setQueryData(LIST, JSON.parse(event.data) as DeskLists);
        if (again) listAgain(queries);
        void queries.invalidateQueries({ queryKey: ME });
      },
      onConnected: setConnected,
    });
  }, [queries, begun]);
  return { lists: data, error, connected };
}

export function listAgain(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: LIST });
}
