/** Nobody has to wait longer than that, however much was taken at once. */
const maxDebtSeconds = 60;

/** How much may be taken over time: `perSecond` on average, and at once up to `burst`, which is also what it begins with.
 *  Who takes only when there is nothing to wait for gets at most `burst + perSecond × seconds`, and one overdraft on top: what
 *  is let in whole may cost more than is there, and is paid back, up to a minute, before the next. Times are milliseconds of a
 *  clock that only grows. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #countedAt: number;

  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#countedAt = now;
  }

  /** Milliseconds until at least one may be taken; 0 when it may be now. */
  waitMs(now: number): number {
    this.#refill(now);
    return this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.#perSecond) * 1_000;
  }

  take(count: number, now: number): void {
    this.#refill(now);
    this.#tokens = Math.max(this.#tokens - count, -maxDebtSeconds * this.#perSecond);
  }

  /** Whether it is as good as a new one. */
  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#burst;
  }

  #refill(now: number): void {
    const seconds = Math.max(0, now - this.#countedAt) / 1_000;
    this.#countedAt = Math.max(this.#countedAt, now);
    this.#tokens = Math.min(this.#burst, this.#tokens + seconds * this.#perSecond);
  }
}
