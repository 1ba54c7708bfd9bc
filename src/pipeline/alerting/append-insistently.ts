import { setTimeout as delay } from 'node:timers/promises';
import type { AppendItem } from '../event-log.ts';

export interface Insistence {
  readonly isGivenUp: () => boolean;
  /** Told of each attempt that failed. */
  readonly reportFailure: (error: unknown) => void;
  readonly retryMs: number;
}

/** Appends until the log takes it. Rejects with why it did not only once that is given up. */
export async function appendInsistently(
  log: { append(items: readonly AppendItem[]): Promise<void> },
  items: readonly AppendItem[],
  { isGivenUp, reportFailure, retryMs }: Insistence,
): Promise<void> {
  for (;;) {
    try {
      await log.append(items);
      return;
    } catch (error) {
      if (isGivenUp()) throw error;
      reportFailure(error);
      await delay(retryMs, undefined, { ref: false });
    }
  }
}
