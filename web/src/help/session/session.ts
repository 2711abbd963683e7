import { answer, api, present } from "../../api/client";
import { Problem } from "../../api/problems";
import type { HelpSession } from "../../api/schema";

/** Whether this is shown inside another page, where browsers keep no cookies for us. */
export const embedded = window.parent !== window;

/**
 * Who the page is for: by a token in the address (`#token=…`, taken out of it at once), else by the
 * cookie of an earlier visit; null where the shop has to give a token first. Raises `Problem`.
 */
export async function openSession(given?: string): Promise<HelpSession | null> {
  const token = given ?? tokenInAddress();
  try {
    if (!token) return held(await answer(api.GET("/v1/help/session")));
    const hold = embedded ? "bearer" : "cookie";
    return held(await answer(api.POST("/v1/help/session", { body: { token, hold } })));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      // A page that is loaded again has the same token in its address, which counts once.
      return token && !embedded ? openSession("") : null;
    }
    throw error;
  }
}

function held(session: HelpSession): HelpSession {
  present(session.token ? { bearer: session.token } : { csrf: session.csrf_token ?? "" });
  return session;
}

function tokenInAddress(): string {
  const found = new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "";
  if (found) window.history.replaceState(null, "", window.location.pathname);
  return found;
}
