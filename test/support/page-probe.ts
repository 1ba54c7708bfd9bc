import type { Page } from 'playwright-core';

/** What the page did, frame by frame. Times are milliseconds since 1970. */
export interface PageRecord {
  /** When each frame was drawn. */
  readonly frames: readonly number[];
  /** The newest position that was on the page in that frame, as a row or counted among those that wait. */
  readonly seen: readonly number[];
  /** Milliseconds of each task that kept the page from answering for more than 50. */
  readonly longTasks: readonly number[];
}

export interface PageProbe {
  /** Resolves with the frame in which the page shows or counts the event at this position. */
  reach(position: number): Promise<void>;
  read(): Promise<PageRecord>;
}

/** Notes every frame from now on. The events' positions must be consecutive, and the search empty: what waits is counted
 *  on from the row at the top. */
export async function probePage(page: Page): Promise<PageProbe> {
  await page.evaluate(watchFrames);
  return {
    reach: (position) => page.evaluate((wanted) => window.probe.reach(wanted), position),
    read: () => page.evaluate(() => window.probe.read()),
  };
}

declare global {
  interface Window {
    probe: { reach(position: number): Promise<void>; read(): PageRecord };
  }
}

/** Runs in the page, and cannot use anything of this file. */
function watchFrames(): void {
  // Not arrays that grow: the memory of the page is measured.
  const most = 30_000;
  const [frames, seen, longTasks] = [new Float64Array(most), new Float64Array(most), new Float64Array(most)];
  let [count, tasks] = [0, 0];
  let waiters: { readonly position: number; readonly resolve: () => void }[] = [];
  const newest = (): number => {
    const row = document.querySelector<HTMLElement>('.event')?.dataset['position'] ?? '0';
    const waiting = /^[\d,]+/.exec(document.querySelector('.pill')?.textContent ?? '')?.[0] ?? '0';
    return Number(row) + Number(waiting.replaceAll(',', ''));
  };
  const note = (now: number): void => {
    const position = newest();
    frames[count] = performance.timeOrigin + now;
    seen[count] = position;
    count = Math.min(count + 1, most - 1);
    for (const waiter of waiters) if (waiter.position <= position) waiter.resolve();
    waiters = waiters.filter((waiter) => waiter.position > position);
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      longTasks[tasks] = duration;
      tasks = Math.min(tasks + 1, most - 1);
    }
  }).observe({ type: 'longtask' });
  window.probe = {
    reach: (position) => new Promise((resolve) => waiters.push({ position, resolve })),
    read: () => ({
      frames: [...frames.subarray(0, count)],
      seen: [...seen.subarray(0, count)],
      longTasks: [...longTasks.subarray(0, tasks)],
    }),
  };
}
