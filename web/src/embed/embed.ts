/**
 * Help inside the marketplace's own page:
 *
 *     <script src="https://service.example/embed.js" data-token-url="/help-token" defer></script>
 *
 * A button opens the help page in a frame. The page asks for a consumer's token when it needs one;
 * it is fetched from `data-token-url` (same site as the shop, answers `{"token": "…"}`) and handed
 * to our frame only. `data-order`, `data-live`, `data-video`, `data-shop` say where help begins.
 * Without a script tag of its own: `window.Oncedesk.open({ order })`, `window.Oncedesk.close()`.
 */
type Place = { order?: string; shop?: string; video?: string; live?: string };

const script = document.currentScript as HTMLScriptElement | null;
const home = script ? new URL(script.src).origin : window.location.origin;
const tokenUrl = script?.dataset.tokenUrl ?? "";
let frame: HTMLIFrameElement | null = null;
/** Where the focus was before it went into the frame. */
let before: Element | null = null;

function placeOf(data: DOMStringMap): Place {
  const place: Place = {};
  for (const name of ["order", "shop", "video", "live"] as const) {
    const value = data[name];
    if (value) place[name] = value;
  }
  return place;
}

export function open(place: Place = placeOf(script?.dataset ?? {})): void {
  close();
  frame = document.createElement("iframe");
  const from = Object.entries(place)[0];
  const path = from ? `/help/${from[0]}/${encodeURIComponent(from[1])}` : "/help/";
  frame.src = `${home}${path}`;
  frame.title = document.documentElement.lang.startsWith("zh") ? "帮助" : "Help";
  frame.allow = "clipboard-write";
  Object.assign(frame.style, {
    position: "fixed",
    inset: "auto 0 0 auto",
    width: "min(420px, 100vw)",
    height: "min(720px, 100dvh)",
    border: "0",
    zIndex: "2147483000",
    boxShadow: "0 8px 40px rgb(0 0 0 / 30%)",
  });
  before = document.activeElement;
  document.body.append(frame);
  frame.focus();
}

export function close(): void {
  const focused = frame !== null && document.activeElement === frame;
  frame?.remove();
  frame = null;
  // Whoever has gone on elsewhere is not fetched back.
  if (focused && before instanceof HTMLElement) before.focus();
}

async function giveToken(): Promise<void> {
  const to = frame?.contentWindow;
  if (!to || !tokenUrl) return;
  to.postMessage({ oncedesk: "token", token: await askedToken() }, home);
}

/** Empty where the shop gives none, so that nobody waits for it. */
async function askedToken(): Promise<string> {
  try {
    const response = await fetch(tokenUrl, { credentials: "include" });
    const { token } = (await response.json()) as { token?: unknown };
    return response.ok && typeof token === "string" ? token : "";
  } catch {
    return "";
  }
}

window.addEventListener("message", (event) => {
  if (event.origin !== home || event.source !== frame?.contentWindow) return;
  if (event.data?.oncedesk === "close") close();
  if (event.data?.oncedesk === "token?") void giveToken();
});

for (const button of document.querySelectorAll<HTMLElement>("[data-oncedesk-help]")) {
  button.addEventListener("click", () => {
    // Not every browser does so by itself, and there it goes back to.
    button.focus();
    // Where the button says a place, that one, whatever the page is about.
    const own = placeOf(button.dataset);
    open(Object.keys(own).length > 0 ? own : undefined);
  });
}
