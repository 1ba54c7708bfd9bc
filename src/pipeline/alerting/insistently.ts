import { setTimeout as delay } from 'node:timers/promises';
import { RecurringFailure } from '../recurring-failure.ts';

export interface Insistence {
  readonly isGivenUp: () => boolean;
  /** Told of each failure that is another than the one before. */
  readonly reportFailure: (error: unknown) => void;
  readonly retryMs: number;
}

/** Makes the attempt until it succeeds. Rejects with why it did not only once that is given up. */
export async function insistently(
  attempt: () => Promise<void>,
  { isGivenUp, reportFailure, retryMs }: Insistence,
): Promise<void> {
  const failure = new RecurringFailure(reportFailure);
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (isGivenUp()) throw error;
      failure.report(error);
      await delay(retryMs, undefined, { ref: false });
    }
  }
}
