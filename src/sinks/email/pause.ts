import { pauseMs } from './retry.ts';

/** Whether the mail server takes mails from us at all. While it does not, for a reason that every mail would meet, one mail
 *  at a time is tried, seldom, and none is given up. */
export class Pause {
  #refusals = 0;
  #reason = '';
  #until = 0;
  #lastEnd = 0;

  get isOn(): boolean {
    return this.#refusals > 0;
  }

  /** For people: what happened and what to do. Empty when there is no pause. */
  get reason(): string {
    return this.#reason;
  }

  /** When the next mail may be tried, in milliseconds. */
  get until(): number {
    return this.#until;
  }

  /** From when a mail queued at `queuedAt` has had its chance: having waited here does not count against it. */
  chanceSince(queuedAt: number): number {
    return Math.max(queuedAt, this.#lastEnd);
  }

  /** Whether it began just now. What was on its way when it began does not make it longer. */
  refuse(reason: string, now: number): boolean {
    if (now < this.#until) return false;
    this.#refusals += 1;
    this.#reason = reason;
    this.#until = now + pauseMs(this.#refusals);
    return this.#refusals === 1;
  }

  /** Nothing is known of the settings after such a failure, but the mail server is better left alone. */
  prolong(now: number): void {
    this.#until = now + pauseMs(this.#refusals);
  }

  /** Whether there was one. */
  end(now: number): boolean {
    if (!this.isOn) return false;
    this.#refusals = 0;
    this.#reason = '';
    this.#until = 0;
    this.#lastEnd = now;
    return true;
  }
}
