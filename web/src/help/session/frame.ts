// Inside the marketplace's own page, where browsers keep no cookies for us: tokens come from around.

/** Whether this is shown inside another page. */
export const embedded = window.parent !== window;

const WAIT_MS_MAX = 10_000;

/**
 * A token from the page around this one; empty where it has none, or gives none in time. Who may be that page,
 * our policy says (`frame-ancestors`); a token from anybody else than our parent is not looked at.
 */
export function tokenFromAround(): Promise<string> {
  return new Promise((resolve) => {
    const given = (token: string) => {
      window.removeEventListener("message", hear);
      clearTimeout(timer);
      resolve(token);
    };
    const hear = (event: MessageEvent) => {
      const said: unknown = event.data;
      if (event.source !== window.parent || typeof said !== "object" || said === null) return;
      if (!("oncedesk" in said && said.oncedesk === "token" && "token" in said)) return;
      if (typeof said.token === "string") given(said.token);
    };
    const timer = setTimeout(() => given(""), WAIT_MS_MAX);
    window.addEventListener("message", hear);
    // It says nothing of anybody, so anybody may read it.
    window.parent.postMessage({ oncedesk: "token?" }, "*");
  });
}

/** The page around this one may take the frame away. */
export function leave(): void {
  window.parent.postMessage({ oncedesk: "close" }, "*");
}
