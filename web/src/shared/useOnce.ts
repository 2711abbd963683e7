import { useRef } from "react";
import { newKey, once } from "../api/client";
import { Problem } from "../api/problems";

/** After so long nobody who asks for the same means what they asked for before. */
const MEANT_MS = 5 * 60_000;

type Attempt = { what: string; key: string; at: number };

/**
 * Gives something that is asked for by a tap. Tried again after a lost line it has the same key, so
 * that it counts once; after an answer, or something else in between, it is a new attempt.
 */
export function useOnce() {
  const last = useRef<Attempt | null>(null);
  return async <T>(
    asked: unknown,
    give: (header: ReturnType<typeof once>) => Promise<T>,
  ): Promise<T> => {
    const what = JSON.stringify(asked);
    const now = Date.now();
    const before = last.current;
    const same = before?.what === what && now - before.at < MEANT_MS;
    const attempt = same ? before : { what, key: newKey(), at: now };
    last.current = attempt;
    const isOver = () => {
      if (last.current === attempt) last.current = null;
    };
    try {
      const answered = await give(once(attempt.key));
      isOver();
      return answered;
    } catch (error) {
      if (!(error instanceof Problem) || error.refuses) isOver();
      throw error;
    }
  };
}
