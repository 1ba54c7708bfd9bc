import type { AppendItem } from '../event-log.ts';
import type { DecisionSource } from './decision-source.ts';

/** After the log could not take something. */
const retryMs = 1_000;

/** Has the log take decisions in spite of a full disk that somebody clears, or a commit that fails. */
export class DecisionWriter {
  readonly #decisions: DecisionSource;
  readonly #reportFailure: (error: unknown) => void;
  #reported = '';
  #isStopped = false;

  constructor(decisions: DecisionSource, reportFailure: (error: unknown) => void) {
    this.#decisions = decisions;
    this.#reportFailure = reportFailure;
  }

  /** Resolves with whether the log took the items; if not, after a moment in which not to try again. */
  async tryAppend(items: readonly AppendItem[]): Promise<boolean> {
    try {
      await this.#decisions.append(items);
      this.#reported = '';
      return true;
    } catch (error) {
      if (!this.#isStopped) this.#report(error);
      await delay(retryMs);
      return false;
    }
  }

  /** Resolves when the log has taken the items, however long that takes. Once stopped it tries only once, and rejects when that
   *  was in vain. */
  async append(items: readonly AppendItem[]): Promise<void> {
    while (!(await this.tryAppend(items))) {
      if (this.#isStopped) throw new Error('the hub stops and the log has not taken a decision; it is made again');
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** The same failure every second is one failure. */
  #report(error: unknown): void {
    const message = String(error);
    if (message !== this.#reported) this.#reportFailure(error);
    this.#reported = message;
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
