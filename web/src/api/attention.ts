// Which of a browser's pages are looked at, as far as a browser can know.

/** Every page of this browser hears it when another one is shown or hidden. */
const pages = new BroadcastChannel("oncedesk-pages");
const changes = new EventTarget();
let attended = isShown();

/** Whether this page is shown, or was the last of this browser's pages to be. Where HTTP/1.1 is
 * spoken a browser opens six lines to a host, whatever the number of its pages: a page in the
 * background that held some of them would leave none to the one that is looked at. */
export function isAttended(): boolean {
  return attended;
}

/** Tells of every change until `signal` ends it. */
export function onAttention(changed: () => void, signal: AbortSignal): void {
  changes.addEventListener("change", changed, { signal });
}

document.addEventListener("visibilitychange", () => {
  pages.postMessage(isShown() ? "shown" : "hidden");
  if (isShown()) become(true);
});
pages.addEventListener("message", ({ data }) => {
  if (data === "shown" && !isShown()) become(false);
  // Whoever was hidden only after this page was shown learns of it now.
  if (data === "hidden" && isShown()) pages.postMessage("shown");
});
if (attended) pages.postMessage("shown");

const LEFT_ALONE_MS = 60_000;
let touchedAt = Date.now();
for (const touch of ["pointerdown", "pointermove", "keydown", "wheel"]) {
  const touched = () => {
    touchedAt = Date.now();
  };
  document.addEventListener(touch, touched, { capture: true, passive: true });
}

/** Whether nobody has touched this page for a while: what it asks then, it asks by itself. */
export function isLeftAlone(): boolean {
  return Date.now() - touchedAt > LEFT_ALONE_MS;
}

function isShown(): boolean {
  return document.visibilityState === "visible";
}

function become(now: boolean): void {
  if (attended === now) return;
  attended = now;
  changes.dispatchEvent(new Event("change"));
}
