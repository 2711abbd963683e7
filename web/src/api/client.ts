// Every question and command goes through here: typed by the service's own description.
import createClient, { type Middleware } from "openapi-fetch";
import { isLeftAlone } from "./attention";
import { type Problem, problemOf } from "./problems";
import type { paths } from "./schema";
import { heed } from "./serverTime";

/** Who the page is: a cookie's token against forged requests, or a token that the page holds. */
export type Credentials = { csrf?: string; bearer?: string };

let credentials: Credentials = {};
let ended: () => void = () => {};

export function present(given: Credentials): void {
  credentials = given;
}

/** What to do when the service says that the session is over. */
export function onSessionEnd(act: () => void): void {
  ended = act;
}

/** For what is asked without `api`: the same, where that is why it was refused. */
export function noticed(problem: Problem): Problem {
  if (problem.lacksSession) ended();
  return problem;
}

export function authorization(): Record<string, string> {
  if (credentials.bearer) return { Authorization: `Bearer ${credentials.bearer}` };
  return credentials.csrf ? { "X-CSRF-Token": credentials.csrf } : {};
}

/** As whom each request was made. */
const madeAs = new WeakMap<Request, Credentials>();

const showing: Middleware = {
  onRequest({ request }) {
    madeAs.set(request, credentials);
    for (const [name, value] of Object.entries(authorization())) request.headers.set(name, value);
    if (isLeftAlone()) request.headers.set("Oncedesk-Unattended", "1");
    return request;
  },
  onResponse({ request, response }) {
    heed(response);
    if (response.status !== 401 || new URL(request.url).pathname.endsWith("/session")) return;
    // A late answer says nothing of the session that was begun meanwhile.
    if (madeAs.get(request) === credentials) ended();
  },
};

export const api = createClient<paths, "application/json">({ baseUrl: "" });
api.use(showing);

type Answered<T> = { data?: T; error?: unknown; response: Response };

/** What was answered; raises the `Problem` where it was a no. Unreachable counts as one. */
export async function answer<T>(asked: Promise<Answered<T>>): Promise<T> {
  let given: Answered<T>;
  try {
    given = await asked;
  } catch {
    throw problemOf(undefined, undefined);
  }
  if (!given.response.ok) {
    const problem = problemOf(given.error, given.response);
    // Another tab has begun another session at this browser: it is to be read anew.
    if (problem.code === "csrf_failed") ended();
    throw problem;
  }
  return given.data as T;
}

/** The headers of a command: the same key each time it is tried again, so it counts once. */
export function once(key: string): { "Idempotency-Key": string } {
  return { "Idempotency-Key": key };
}

/** After so long what failed, and may pass, is sent again by itself. */
export const AGAIN_MS = 5_000;

/** A line that is dead without having been closed answers nothing: after so long a message is taken
 * for one that failed, as others wait behind it. */
const ANSWER_MS_MAX = 60_000;

/** What ends the waiting for a message's answer. */
export function patience(): AbortSignal {
  return AbortSignal.timeout(ANSWER_MS_MAX);
}

/** A name that nobody else gives anything: a UUID. Over plain HTTP, other than from their own
 * machine, browsers make none; the random numbers for one they have everywhere. */
export function newKey(): string {
  return crypto.randomUUID?.() ?? uuidOf(crypto.getRandomValues(new Uint8Array(16)));
}

/** RFC 9562, version 4: all that is not random says so. */
function uuidOf(random: Uint8Array): string {
  const hex = Array.from(random, (byte, at) => {
    if (at === 6) return (byte & 0x0f) | 0x40;
    return at === 8 ? (byte & 0x3f) | 0x80 : byte;
  }).map((byte) => byte.toString(16).padStart(2, "0"));
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export type { Problem };
