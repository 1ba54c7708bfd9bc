import type { PositionRange } from '../../pipeline/statistics.ts';

/** A statement looks at so many positions at first, then at as many as take about `windowTimeMs`: a running statement
 *  cannot be interrupted, and holds the WAL as long as it runs. */
export const firstWindow = 256;
const windowTimeMs = 100;
const smallestWindow = 32;

/** Cuts a range into windows, one after the other, each as large as what was done with the one before suggests. */
export function* windows(range: PositionRange, order: 'asc' | 'desc'): Generator<PositionRange, void, void> {
  let { after, before } = range;
  let size = firstWindow;
  while (before - after > 1) {
    const startedAt = performance.now();
    if (order === 'asc') {
      const end = Math.min(before, after + size + 1);
      yield { after, before: end };
      after = end - 1;
    } else {
      const start = Math.max(after, before - size - 1);
      yield { after: start, before };
      before = start + 1;
    }
    size = nextWindow(size, performance.now() - startedAt);
  }
}

/** How many positions to look at next, after so many have taken so long. */
export function nextWindow(size: number, tookMs: number): number {
  if (tookMs > windowTimeMs) return Math.max(smallestWindow, Math.floor(size / 2));
  return tookMs < windowTimeMs / 4 ? size * 4 : size;
}
