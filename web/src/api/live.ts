// Server-sent events over `fetch`, so that a page that holds its token itself can listen, too.
import { isAttended, onAttention } from "./attention";
import { authorization } from "./client";

export type LiveEvent = { id: string; event: string; data: string };

const QUIET_MS_MAX = 45_000;
// However long nobody was there, whoever listens is up to date some seconds after the service is.
const WAITS_MS = [500, 1_000, 2_000, 4_000];

export type Listening = {
  onEvent: (event: LiveEvent) => void;
  /** Whether what is shown is up to date right now. */
  onConnected?: (connected: boolean) => void;
};

/** Listens until it is stopped, while the page is attended; reconnects by itself behind the last
 * event that came, and at once when the browser is online again or the page is shown again. */
export function listen(path: string, listening: Listening, after?: string): () => void {
  const stopping = new AbortController();
  let last = after;
  let failures = 0;
  let atOnce = false;
  /** Ends what is waited for: the attempt that is under way, or the pause before the next. */
  let wake = () => {};

  // A line that was open before the network went may be dead without a word; one of a page that
  // nobody looks at is given up.
  const anew = () => {
    failures = 0;
    atOnce = true;
    wake();
  };
  window.addEventListener("online", anew);
  onAttention(anew, stopping.signal);
  stopping.signal.addEventListener("abort", () => {
    window.removeEventListener("online", anew);
    wake();
  });

  async function once(): Promise<boolean> {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    wake = stop;
    let quiet = setTimeout(stop, QUIET_MS_MAX);
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream", ...authorization() };
      if (last !== undefined) headers["Last-Event-ID"] = last;
      const response = await fetch(path, { headers, signal: attempt.signal });
      if ([401, 403, 404].includes(response.status)) {
        // The same as where it ends under one's eyes.
        listening.onEvent({ id: "", event: "ended", data: "{}" });
        return false;
      }
      if (!response.ok || !response.body) throw new Error(String(response.status));
      failures = 0;
      listening.onConnected?.(true);
      for await (const event of events(response.body, () => {
        clearTimeout(quiet);
        quiet = setTimeout(stop, QUIET_MS_MAX);
      })) {
        if (event.id) last = event.id;
        listening.onEvent(event);
        if (event.event === "ended") return false;
      }
    } finally {
      clearTimeout(quiet);
    }
    return true;
  }

  async function forever(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (!isAttended()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      let goesOn = true;
      try {
        goesOn = await once();
      } catch {
        failures += 1;
      }
      if (stopping.signal.aborted) return;
      // Nobody sees how it stands before the page is shown again, and then it is asked at once.
      if (goesOn && !isAttended()) continue;
      listening.onConnected?.(false);
      if (!goesOn) return;
      if (!atOnce) await pause();
      atOnce = false;
    }
  }

  function pause(): Promise<void> {
    const wait = WAITS_MS[Math.min(failures, WAITS_MS.length - 1)] ?? 0;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait * (0.75 + Math.random() / 2));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  void forever();
  return () => stopping.abort();
}

async function* events(
  body: ReadableStream<Uint8Array>,
  alive: () => void,
): AsyncGenerator<LiveEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as never)
    .getReader() as never as ReadableStreamDefaultReader<string>;
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    alive();
    rest += value.replaceAll("\r\n", "\n");
    let end = rest.indexOf("\n\n");
    while (end >= 0) {
      const event = read(rest.slice(0, end));
      rest = rest.slice(end + 2);
      if (event) yield event;
      end = rest.indexOf("\n\n");
    }
  }
}

function read(block: string): LiveEvent | null {
  const event = { id: "", event: "message", data: "" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
    if (name === "data") data.push(value);
    if (name === "id") event.id = value;
    if (name === "event") event.event = value;
  }
  if (data.length === 0) return null;
  return { ...event, data: data.join("\n") };
}
