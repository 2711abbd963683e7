// Messages on their way. Each is kept in the browser until the service has it, under the key that
// makes it count once however often it is tried; so a reload, a lost line or a restart loses nothing.
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { AGAIN_MS, answer, api, newKey, once, patience } from "../../../api/client";
import { Problem } from "../../../api/problems";
import type { AttachmentShape, Audience, CardSaid } from "../../../api/schema";

export type Leaving = {
  key: string;
  /** Who writes it: nobody else may send it. */
  agent: string;
  consumer: string;
  conversation: string;
  case: number;
  audience: Audience;
  text: string;
  files: readonly AttachmentShape[];
  card: CardSaid | null;
  mentions: readonly string[];
  at: number;
  state: "waiting" | "sending" | "failed" | "sent";
  problem: Problem | null;
  /** The message that it has become. */
  message: string | null;
  /** Whether it was to leave once already, perhaps by a page before this one. */
  begun: boolean;
};

export type NewMessage = Pick<
  Leaving,
  | "agent"
  | "consumer"
  | "conversation"
  | "case"
  | "audience"
  | "text"
  | "files"
  | "card"
  | "mentions"
>;

export const UNDO_MS = 2_000;
const TAKEN_BACK = "message_taken_back";
const PREFIX = "oncedesk.leaving.";

let all: readonly Leaving[] = remembered();
const listeners = new Set<() => void>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
/** What somebody took back or gave up at this page. */
const dropped = new Set<string>();

/** It leaves in two seconds, unless it is undone before. */
export function post(message: NewMessage): void {
  const key = newKey();
  const one: Leaving = {
    ...message,
    key,
    at: Date.now(),
    state: "waiting",
    problem: null,
    message: null,
    begun: false,
  };
  keep(one);
  change([...all, one]);
  timers.set(
    key,
    setTimeout(() => void send(key), UNDO_MS),
  );
}

/** Whether the service may have it, whatever was heard of it: then it can only be sent again under
 * its key, since written anew it could arrive twice. */
export function mayHaveArrived({ begun, problem }: Leaving): boolean {
  return begun && (problem?.unsure ?? true);
}

/** Takes it back, and hands it out; null where it has left already, perhaps by another page. */
export function takeBack(key: string): Leaving | null {
  const found = all.find((one) => one.key === key);
  if (!found || (found.state !== "waiting" && found.state !== "failed")) return null;
  const stored = kept.has(key) ? storedAs(localStorage.getItem(PREFIX + key)) : found;
  if (stored === null) {
    change(all.filter((one) => one.key !== key));
    return null;
  }
  if (mayHaveArrived({ ...found, begun: stored.begun })) {
    replace(key, { begun: true });
    return null;
  }
  clearTimeout(timers.get(key));
  drop(key);
  return found;
}

/** It is not tried any more, by any page of this browser; the service may have it all the same. */
export function giveUp(key: string): void {
  drop(key);
}

function drop(key: string): void {
  dropped.add(key);
  forget(key);
  change(all.filter((one) => one.key !== key));
}

/** It leaves, or the same once more with the same key: after what was written before it, and what of
 * that has failed and may pass is sent again first. */
export async function send(key: string): Promise<void> {
  const found = all.find((one) => one.key === key);
  if (!found) return;
  await Promise.all([...before(found).filter(isTriedAgain), found].map((one) => leave(one.key)));
}

/** The last that leaves of what an agent says in a conversation. */
const lasts = new Map<string, Promise<unknown>>();

async function leave(key: string): Promise<void> {
  const found = all.find((one) => one.key === key);
  if (!found || found.state === "sending" || found.state === "sent") return;
  replace(key, { state: "sending", problem: null, begun: true });
  keep({ ...found, begun: true });
  const place = `${found.agent}/${found.conversation}`;
  const left = Promise.allSettled([lasts.get(place)]).then(() => deliver(found));
  lasts.set(place, left);
  await left;
}

/** Where what was written before it could not be sent, and may be, it is kept back with that. */
async function deliver(found: Leaving): Promise<void> {
  const { key } = found;
  // Another page has sent it meanwhile, or it was given up.
  if (!all.some((one) => one.key === key)) return;
  const failed = before(found).find(isHeld);
  if (failed) {
    replace(key, { state: "failed", problem: failed.problem });
    return;
  }
  try {
    const { command_id } = await answer(
      api.POST("/v1/desk/cases/{consumer}/{conversation}/{case}/messages", {
        params: {
          path: { consumer: found.consumer, conversation: found.conversation, case: found.case },
          header: once(key),
        },
        body: {
          audience: found.audience,
          text: found.text,
          attachments: found.files.map((one) => one.id),
          to: null,
          card: found.card,
          mentions: [...found.mentions],
        },
        signal: patience(),
      }),
    );
    forget(key);
    replace(key, { state: "sent", message: command_id });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    replace(key, { state: "failed", problem: error });
  }
}

/** What the same agent wrote before it in its conversation. */
function before(found: Leaving): readonly Leaving[] {
  return all
    .slice(
      0,
      all.findIndex(({ key }) => key === found.key),
    )
    .filter((one) => one.conversation === found.conversation && one.agent === found.agent);
}

/** Waits until what this agent said in this conversation has left, so that what is done to its case
 * comes after; what failed and may pass is sent again at once. Raises the `Problem` where it was not
 * sent, and `TAKEN_BACK` where it was. */
export async function haveLeft(conversation: string, agent: string): Promise<void> {
  const keys = all
    .filter((one) => one.conversation === conversation && one.agent === agent)
    .filter((one) => isLeaving(one) || isTriedAgain(one))
    .map(({ key }) => key);
  const mine = (one: Leaving) => keys.includes(one.key);
  if (all.some((one) => mine(one) && isTriedAgain(one))) {
    await sendAgain((one) => mine(one) && isUnderWay(one));
  }
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = all.filter(mine);
      if (found.some(isLeaving)) return;
      listeners.delete(look);
      const failed = found.find((one) => one.state === "failed");
      if (failed) reject(failed.problem);
      else if (keys.some((key) => dropped.has(key)))
        reject(new Problem(TAKEN_BACK, 409, "", "", 0));
      else resolve();
    };
    listeners.add(look);
    look();
  });
}

function isLeaving({ state }: Leaving): boolean {
  return state === "waiting" || state === "sending";
}

/** What this agent has on its way in this conversation. */
export function useLeaving(conversation: string, agent: string): readonly Leaving[] {
  const found = useSyncExternalStore(subscribe, () => all);
  return found.filter((one) => one.conversation === conversation && one.agent === agent);
}

/** What this agent wrote and nobody sends by itself: it was refused, or is to be decided about. */
export function useUnsent(agent: string): readonly Leaving[] {
  const unsent = () => all.filter((one) => one.agent === agent && isUnsent(one));
  // The same while nothing of it changes, whatever else is on its way.
  const keys = useSyncExternalStore(subscribe, () =>
    unsent()
      .map(({ key }) => key)
      .join(),
  );
  return useMemo(() => all.filter(({ key }) => keys.split(",").includes(key)), [keys]);
}

/** Whether something of that is in this case. */
export function useHasUnsent(agent: string, about: { conversation: string; case: number }) {
  return useSyncExternalStore(subscribe, () =>
    all.some(
      (one) =>
        one.agent === agent &&
        one.conversation === about.conversation &&
        one.case === about.case &&
        isUnsent(one),
    ),
  );
}

function isUnsent(one: Leaving): boolean {
  return one.state === "failed" && !isHeld(one);
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** What this page could not send is sent again: for want of a session when there is one, for want
 * of anything else that passes from time to time while there is a line. */
export function useSendingAgain(agent: string, session: string, connected: boolean): void {
  useEffect(() => {
    if (session) {
      sendAgain((one) => one.agent === agent && one.problem?.lacksSession === true);
    }
  }, [agent, session]);
  useEffect(() => {
    if (!session || !connected) return;
    const again = () => sendAgain((one) => one.agent === agent && isUnderWay(one));
    again();
    const timer = setInterval(again, AGAIN_MS);
    return () => clearInterval(timer);
  }, [agent, session, connected]);
}

/** Whether it was to be sent, and nobody has said no to it. */
function isUnderWay({ begun, problem }: Leaving): boolean {
  return problem ? problem.passes : begun;
}

/** Whether it could not be sent, and is once there is a line or a session. */
function isHeld(one: Leaving): boolean {
  return isTriedAgain(one) || (one.state === "failed" && one.problem?.lacksSession === true);
}

function isTriedAgain(one: Leaving): boolean {
  return one.state === "failed" && isUnderWay(one);
}

/** In the order in which it was written. */
function sendAgain(which: (one: Leaving) => boolean): Promise<void> {
  const last = turn;
  turn = (async () => {
    await Promise.allSettled([last]);
    for (const one of all) if (one.state === "failed" && which(one)) await leave(one.key);
  })();
  return turn;
}

let turn: Promise<void> = Promise.resolve();

function replace(key: string, changed: Partial<Leaving>): void {
  change(all.map((one) => (one.key === key ? { ...one, ...changed } : one)));
}

function change(next: readonly Leaving[]): void {
  all = next;
  for (const one of listeners) one();
}

/** Those that are kept in the browser, too, as far as this page knows. */
const kept = new Set<string>(all.map((one) => one.key));

// What another page has sent or taken back is not this one's to send any more; what it has begun to
// send is not this one's to take back.
window.addEventListener("storage", ({ key, newValue }) => {
  if (!key?.startsWith(PREFIX)) return;
  const found = all.find((one) => PREFIX + one.key === key);
  const stored = storedAs(newValue);
  if (found && stored === null) change(all.filter((one) => one !== found));
  else if (found && stored?.begun) replace(found.key, { begun: true });
});

function storedAs(text: string | null): Leaving | null {
  return text === null ? null : (JSON.parse(text) as Leaving);
}

function keep(one: Leaving): void {
  try {
    localStorage.setItem(PREFIX + one.key, JSON.stringify(one));
    kept.add(one.key);
  } catch {
    // Full or forbidden: it is still in this page.
  }
}

function forget(key: string): void {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Nothing was kept.
  }
}

/** What a page before this one could not send. Where that had not begun, it is for a person to say
 * whether it still should. */
function remembered(): readonly Leaving[] {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => JSON.parse(localStorage.getItem(name) ?? "") as Leaving)
      .map((one) => ({
        ...one,
        card: one.card ?? null,
        mentions: one.mentions ?? [],
        begun: one.begun ?? false,
        state: "failed" as const,
        problem: null,
      }))
      .sort((one, other) => one.at - other.at);
  } catch {
    return [];
  }
}
