import { useCallback, useEffect, useRef, useState } from "react";
import { Problem } from "../../api/problems";
import type { Said } from "../../api/schema";
import { keep, readKept } from "../../shared/kept";
import { useSession } from "../session/HelpGate";
import { bytesMax, upload } from "./uploading";

export type Picked = {
  key: string;
  name: string;
  /** Its id once it is there. */
  id?: string;
  share: number;
  problem?: Problem;
  file?: File;
};

export type Files = {
  picked: Picked[];
  /** All are there, so a message may name them. */
  ready: boolean;
  add: (files: Iterable<File>) => void;
  retry: (key: string) => void;
  remove: (key: string) => void;
  /** They belong to a message now. */
  clear: () => void;
};

/** The files that go with what is being written at `name`, brought as soon as they are chosen.
 * Those that are there survive a reload. What is too large is told without being sent. */
export function useFiles(name: string, subject: Said["subject"]): Files {
  const { uploads } = useSession();
  const [picked, setPicked] = useState<Picked[]>(() => readKept<Picked[]>(`files/${name}`, []));
  const stops = useRef(new Map<string, AbortController>());

  useEffect(() => {
    const there = picked.filter((one) => one.id).map(({ file: _, ...rest }) => rest);
    keep(`files/${name}`, there);
  }, [name, picked]);

  const change = useCallback((key: string, changes: Partial<Picked>) => {
    setPicked((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  }, []);

  const bring = useCallback(
    async (one: Picked) => {
      if (!one.file) return;
      const stop = new AbortController();
      stops.current.set(one.key, stop);
      try {
        const onProgress = (share: number) => change(one.key, { share });
        const kept = await upload(one.file, subject, onProgress, stop.signal);
        change(one.key, { id: kept.id, share: 1 });
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        change(one.key, { problem: error });
      }
    },
    [change, subject],
  );

  const add = (files: Iterable<File>) => {
    const fresh = [...files].map((file): Picked => {
      const tooLarge = file.size > bytesMax(file, uploads);
      const problem = new Problem("attachment_too_large", 413, "", "", 0);
      const about = { key: crypto.randomUUID(), name: file.name, share: 0, file };
      return tooLarge ? { ...about, problem } : about;
    });
    const room = fresh.slice(0, Math.max(0, uploads.per_message - picked.length));
    setPicked((all) => [...all, ...room]);
    for (const one of room) if (!one.problem) void bring(one);
  };
  const retry = (key: string) => {
    const one = picked.find((each) => each.key === key);
    if (!one) return;
    const { problem: _, ...rest } = one;
    setPicked((all) => all.map((each) => (each.key === key ? { ...rest, share: 0 } : each)));
    void bring(rest);
  };
  const remove = (key: string) => {
    stops.current.get(key)?.abort();
    setPicked((all) => all.filter((one) => one.key !== key));
  };
  return {
    picked,
    ready: picked.every((one) => one.id !== undefined),
    add,
    retry,
    remove,
    clear: () => {
      // At once: what was sent may take this page away before it is drawn again.
      keep(`files/${name}`, []);
      setPicked([]);
    },
  };
}
