import { createContext, useContext } from "react";

type Where = {
  base: "/v1/admin/webhooks" | "/v1/desk/webhooks";
  /** Where these pages are. */
  at: string;
  /** The one desk whose endpoints these are; null: all there are. */
  desk: string | null;
};

/** Whose endpoints are managed: everybody's by an admin, or a desk's by its supervisors. */
export const Where = createContext<Where>({
  base: "/v1/admin/webhooks",
  at: "/admin/webhooks",
  desk: null,
});

export function useWhere(): Where {
  return useContext(Where);
}
