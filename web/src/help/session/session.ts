import { answer, api, present } from "../../api/client";
import { Problem } from "../../api/problems";
import type { HelpSession } from "../../api/schema";
import { embedded, tokenFromAround } from "./frame";

/**
 * Who the page is for: by a token in the address (`#token=…`, taken out of it at once) or from the
 * page around this one, else by the cookie of an earlier visit; null where the shop has to give a
 * token first. Raises `Problem`.
 */
export async function openSession(): Promise<HelpSession | null> {
  const token = tokenInAddress() || (embedded ? await tokenFromAround() : "");
  if (token) {
    const hold = embedded ? "bearer" : "cookie";
    const found = await known(api.POST("/v1/help/session", { body: { token, hold } }));
    if (found || embedded) return found;
    // A page that is loaded again may have the same token in its address, which counts once.
  }
  return known(api.GET("/v1/help/session"));
}

async function known(
  asked: Parameters<typeof answer<HelpSession>>[0],
): Promise<HelpSession | null> {
  try {
    const session = await answer(asked);
    present(session.token ? { bearer: session.token } : { csrf: session.csrf_token ?? "" });
    return session;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

function tokenInAddress(): string {
  const found = new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "";
  if (found) window.history.replaceState(null, "", window.location.pathname);
  return found;
}
