import { useCallback, useEffect, useRef, useState } from "react";

const HELD_SECONDS = 5;

/** Does something some seconds after it was asked for, unless it is taken back until then. */
export function useHeldBack(act: () => void) {
  const [seconds, setSeconds] = useState(0);
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setTimeout(() => {
      setSeconds(seconds - 1);
      if (seconds === 1) latest.current();
    }, 1000);
    return () => clearTimeout(timer);
  }, [seconds]);
  const hold = useCallback(() => setSeconds(HELD_SECONDS), []);
  const undo = useCallback(() => setSeconds(0), []);
  return { seconds, hold, undo };
}
