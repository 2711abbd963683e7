import { answer, api } from "../../../api/client";

/** How the macros of a desk are asked for. */
export function macrosOf(desk: string) {
  return {
    queryKey: ["desk", "macros", desk],
    queryFn: () => answer(api.GET("/v1/desk/macros", { params: { query: { desk } } })),
  };
}
