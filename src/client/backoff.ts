/** The bounds of the wait between attempts. */
export interface Backoff {
  /** The longest wait after the first failure. */
  readonly baseMs: number;
  /** The longest wait after any. */
  readonly maxMs: number;
}

export const defaultBackoff: Backoff = { baseMs: 250, maxMs: 10_000 };

/** Waits longer after each failed attempt (counted from 1), up to `maxMs`, and picks a random point below that bound so
 *  that the clients of a hub that restarts do not all return in the same second. */
export function backoffMs(attempt: number, { baseMs, maxMs }: Backoff, random: () => number = Math.random): number {
  const bound = Math.min(maxMs, baseMs * 2 ** Math.max(0, attempt - 1));
  return Math.round(bound * random());
}
