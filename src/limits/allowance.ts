import type { RateLimit } from './rate-limit.ts';
import type { Refusals } from './refusals.ts';

/** A rate that is set, with the name that it has for people. */
export interface Rate {
  readonly name: 'events' | 'bytes';
  readonly perSecond: number;
  readonly limit: RateLimit;
}

/** Not now: the sentence for people, and after how many whole seconds to come again. */
export interface Wait {
  readonly error: string;
  readonly retryAfter: number;
}

/** What one producer may send, over all of its connections. */
export class Allowance {
  readonly #key: string;
  readonly #rates: readonly Rate[];
  readonly #refusals: Refusals;

  constructor(key: string, rates: readonly Rate[], refusals: Refusals) {
    this.#key = key;
    this.#rates = rates;
    this.#refusals = refusals;
  }

  /** Whether there is nothing to wait for. */
  get hasCredit(): boolean {
    return this.#rates.every(({ limit }) => limit.waitMs(this.#key) === 0);
  }

  /** Why nothing may be taken from the producer now, or null when it may go on. */
  refusal(): Wait | null {
    for (const { name, perSecond, limit } of this.#rates) {
      const waitMs = limit.waitMs(this.#key);
      if (waitMs === 0) continue;
      this.#refusals.count(name);
      const retryAfter = Math.ceil(waitMs / 1_000);
      return { error: `at most ${String(perSecond)} ${name} a second; wait ${String(retryAfter)} s`, retryAfter };
    }
    return null;
  }

  /** Counts what has come. */
  take(what: { readonly events?: number; readonly bytes?: number }): void {
    for (const { name, limit } of this.#rates) limit.take(this.#key, what[name] ?? 0);
  }
}
