import { pauseMs } from './retry.ts';

/** Whether the mail server takes mails from us at all. While it does not, for a reason that every mail would meet, one mail
 *  at a time is tried, seldom, and none is given up. */
export class Pause {
  #refusals = 0;
  #reason = '';
  #until = 0;

  /** Goes on with one that the log tells of: whether it is over shows the next mail, which may be tried at once. */
  resume(): void {
    this.#refusals = 1;
    this.#reason = 'mail was paused before the hub was started';
  }

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

  /** Whether the reason is another than before. What was on its way when the pause began does not make it longer. */
  refuse(reason: string, now: number): boolean {
    if (now < this.#until) return false;
    const isNews = reason !== this.#reason;
    this.#refusals += 1;
    this.#reason = reason;
    this.#until = now + pauseMs(this.#refusals);
    return isNews;
  }

  /** Nothing is known of the settings after such a failure, but the mail server is better left alone. */
  prolong(now: number): void {
    this.#until = now + pauseMs(this.#refusals);
  }

  end(): void {
    this.#refusals = 0;
    this.#reason = '';
    this.#until = 0;
  }
}
