/** Runs a thing once, soon, however often it is asked for meanwhile; of several things the last. */
export type Schedule = (run: () => void) => void;

/** The same schedule with a rest of `restMs` milliseconds at least after each run. It is asked anew each time. */
export function paced(schedule: Schedule, restMs: () => number): Schedule {
  let next: (() => void) | null = null;
  let ranAt = -Infinity;
  const go = (): void => {
    const run = next;
    next = null;
    ranAt = performance.now();
    run?.();
  };
  return (run) => {
    const isAwaited = next !== null;
    next = run;
    if (isAwaited) return;
    const rest = ranAt + restMs() - performance.now();
    if (rest > 0) setTimeout(() => schedule(go), rest);
    else schedule(go);
  };
}
