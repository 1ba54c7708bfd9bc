import type { Schedule } from './pace.ts';

/** Runs what was asked for last with the next frame, once however often it was asked. A hidden tab draws no frames; there it
 *  runs within a second or so, so that nothing piles up and the title stays right. */
export function frameScheduler(): Schedule {
  let next: (() => void) | null = null;
  let frame = 0;
  let timer = 0;
  const go = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    const run = next;
    next = null;
    run?.();
  };
  return (run) => {
    if (next === null) {
      frame = requestAnimationFrame(go);
      timer = window.setTimeout(go, hiddenMs);
    }
    next = run;
  };
}

const hiddenMs = 1_000;
