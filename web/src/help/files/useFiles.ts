import {
  type Dispatch,
  type SetStateAction,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { newKey } from "../../api/client";
import { Problem } from "../../api/problems";
import type { Said } from "../../api/schema";
import { forget, keep, readKept } from "../../shared/kept";
import { useByNow } from "../../shared/useNow";
import { useSession } from "../session/HelpGate";
import { bytesMax, upload } from "./uploading";

export type Picked = {
  key: string;
  name: string;
  /** Its id once it is there. */
  id?: string;
  /** When it was brought, in milliseconds. */
  at?: number;
  share: number;
  problem?: Problem;
  file?: File;
};

export type Files = {
  picked: Picked[];
  /** How many of those that were chosen last are more than a message takes. */
  leftOut: number;
  /** All are there, so a message may name them. */
  ready: boolean;
  add: (files: Iterable<File>) => void;
  retry: (key: string) => void;
  remove: (key: string) => void;
  /** Those of a message that was not sent, which is worded again. */
  restore: (files: readonly Picked[]) => void;
  /** None of them is there any more: each has to be chosen again. */
  expire: () => void;
  /** They belong to a message now. */
  clear: () => void;
};

/** A file that no message names is deleted after a day; this leaves time to send one. */
const NAMED_WITHIN_MS = 22 * 3_600_000;

export const FILE_GONE = "attachment_unknown";

/** The files that go with what is being written at `name`, brought as soon as they are chosen.
 * Those that are there survive a reload, until no message could name them any more. What is too
 * large is told without being sent. */
export function useFiles(name: string, subject: Said["subject"]): Files {
  const session = useSession();
  const { uploads } = session;
  const [leftOut, setLeftOut] = useState(0);
  const [chosen, setPicked] = useState<Picked[]>(() => readKept<Picked[]>(`files/${name}`, []));
  const old = useByNow(() => oldOf(chosen).join(" "));
  const picked = useMemo(
    () => chosen.map((one) => (old.includes(one.key) ? gone(one) : one)),
    [chosen, old],
  );
  const stops = useRef(new Map<string, AbortController>());
  useEffect(() => {
    shown.set(name, setPicked);
    return () => {
      shown.delete(name);
    };
  }, [name]);

  useEffect(() => {
    const there = chosen.filter((one) => one.id).map(({ file: _, ...rest }) => rest);
    keep(`files/${name}`, there);
  }, [name, chosen]);

  const change = useCallback((key: string, changes: Partial<Picked>) => {
    setPicked((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  }, []);

  const bring = useCallback(
    async (one: Picked) => {
      if (!one.file) return;
      const stop = new AbortController();
      const at = Date.now();
      stops.current.set(one.key, stop);
      try {
        const onProgress = (share: number) => change(one.key, { share });
        const kept = await upload(one.file, subject, onProgress, stop.signal);
        const { file: _, ...rest } = one;
        brought(name, { ...rest, id: kept.id, share: 1, at }, stop.signal);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        change(one.key, { problem: error });
      }
    },
    [change, name, subject],
  );

  const again = useCallback(
    (one: Picked) => {
      const { problem: _, ...rest } = one;
      setPicked((all) => all.map((each) => (each.key === one.key ? { ...rest, share: 0 } : each)));
      void bring(rest);
    },
    [bring],
  );
  const latest = useRef(picked);
  latest.current = picked;
  // What lacked a session, when there is one.
  useEffect(() => {
    if (session) latest.current.filter((one) => one.problem?.lacksSession).forEach(again);
  }, [session, again]);

  const take = (fresh: readonly Picked[]): readonly Picked[] => {
    const room = fresh.slice(0, Math.max(0, uploads.per_message - picked.length));
    setPicked((all) => [...all, ...room]);
    setLeftOut(fresh.length - room.length);
    return room;
  };
  const add = (files: Iterable<File>) => {
    const fresh = [...files].map((file): Picked => {
      const tooLarge = file.size > bytesMax(file, uploads);
      const problem = new Problem("attachment_too_large", 413, "", "", 0);
      const about = { key: newKey(), name: file.name, share: 0, file };
      return tooLarge ? { ...about, problem } : about;
    });
    for (const one of take(fresh)) if (!one.problem) void bring(one);
  };
  const retry = (key: string) => {
    const one = picked.find((each) => each.key === key);
    if (one) again(one);
  };
  const remove = (key: string) => {
    stops.current.get(key)?.abort();
    setPicked((all) => all.filter((one) => one.key !== key));
    setLeftOut(0);
  };
  return {
    picked,
    leftOut,
    ready: picked.every((one) => one.id !== undefined),
    add,
    retry,
    remove,
    restore: take,
    expire: () => setPicked((all) => all.map((one) => ({ ...one, at: 0 }))),
    clear: () => {
      // At once: what was sent may take this page away before it is drawn again.
      for (const stop of stops.current.values()) stop.abort();
      forget(`files/${name}`);
      setPicked([]);
      setLeftOut(0);
    },
  };
}

/** Who shows what was chosen at a place now. */
const shown = new Map<string, Dispatch<SetStateAction<Picked[]>>>();

/** It is there, also for whoever comes back to the place where it was chosen. */
function brought(name: string, one: Picked, stop: AbortSignal): void {
  if (stop.aborted) return;
  const added = (all: Picked[]) =>
    all.some(({ key }) => key === one.key)
      ? all.map((each) => (each.key === one.key ? { ...each, ...one } : each))
      : [...all, one];
  const show = shown.get(name);
  if (show) show(added);
  else keep(`files/${name}`, added(readKept<Picked[]>(`files/${name}`, [])));
}

/** Which of them no message may name any more; of when it is from, an old one says nothing. */
function oldOf(picked: readonly Picked[]): string[] {
  const since = Date.now() - NAMED_WITHIN_MS;
  return picked.filter(({ id, at = 0 }) => id && at < since).map(({ key }) => key);
}

function gone({ id: _, ...one }: Picked): Picked {
  return { ...one, problem: new Problem(FILE_GONE, 422, "", "", 0) };
}
