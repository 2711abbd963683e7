import { answer, api, present } from "../../api/client";
import { Problem } from "../../api/problems";
import type { HelpSession } from "../../api/schema";
import { embedded, tokenFromAround } from "./frame";

/** From the address; kept until the service has answered it, so that whoever tries again has it. */
let waiting = "";

/**
 * Who the page is for: by a token in the address (`#token=…`, taken out of it at once) or from the
 * page around this one, else by the cookie of an earlier visit; null where the shop has to give a
 * token first. Raises `Problem`.
 */
export async function openSession(): Promise<HelpSession | null> {
  waiting = tokenInAddress() || waiting;
  const token = waiting || (embedded ? await tokenFromAround() : "");
  let found: HelpSession | null = null;
  if (token) {
    const hold = embedded ? "bearer" : "cookie";
    found = await known(api.POST("/v1/help/session", { body: { token, hold } }));
  }
  if (found === null && !(token && embedded)) {
    found = await known(api.GET("/v1/help/session"));
    // A page that is loaded again may have the same token in its address, which counts once; but
    // the cookie may be of somebody else, who used this device before.
    if (token && found?.consumer !== consumerOf(token)) found = null;
  }
  waiting = "";
  if (found) present(found.token ? { bearer: found.token } : { csrf: found.csrf_token ?? "" });
  return found;
}

async function known(
  asked: Parameters<typeof answer<HelpSession>>[0],
): Promise<HelpSession | null> {
  try {
    return await answer(asked);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** Whom the shop has made this token for; nobody has checked that it did. */
function consumerOf(token: string): string | undefined {
  try {
    const claims = token.split(".")[1] ?? "";
    const text = atob(claims.replaceAll("-", "+").replaceAll("_", "/"));
    return String(JSON.parse(text).sub).toLowerCase();
  } catch {
    return undefined;
  }
}

function tokenInAddress(): string {
  const found = new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "";
  if (found) window.history.replaceState(null, "", window.location.pathname);
  return found;
}
