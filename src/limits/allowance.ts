import type { RateLimit } from './rate-limit.ts';
import type { LimitName, Refusals } from './refusals.ts';

/** A rate that is set: of what, and whether each address has it or each token. */
export interface Rate {
  readonly what: 'events' | 'bytes';
  readonly whose: 'address' | 'token';
  readonly perSecond: number;
  readonly limit: RateLimit;
}

/** What one address, or one token, has of a rate. */
export interface Share {
  readonly rate: Rate;
  readonly key: string;
}

/** Not now: the sentence for people, and after how many whole seconds to come again. */
export interface Wait {
  readonly error: string;
  readonly retryAfter: number;
}

/** What one producer may send, by its address and by its token, each over all of their connections. */
export class Allowance {
  readonly #shares: readonly Share[];
  readonly #refusals: Refusals;

  constructor(shares: readonly Share[], refusals: Refusals) {
    this.#shares = shares;
    this.#refusals = refusals;
  }

  /** Whether there is nothing to wait for. */
  get hasCredit(): boolean {
    return this.#shares.every(({ rate, key }) => rate.limit.waitMs(key) === 0);
  }

  /** Why nothing may be taken from the producer now, by what it has to wait for longest; or null when it may go on. */
  refusal(): Wait | null {
    let [met, longestMs]: [Rate | null, number] = [null, 0];
    for (const { rate, key } of this.#shares) {
      const waitMs = rate.limit.waitMs(key);
      if (waitMs > longestMs) [met, longestMs] = [rate, waitMs];
    }
    if (met === null) return null;
    this.#refusals.count(limitNameOf(met));
    const retryAfter = Math.ceil(longestMs / 1_000);
    const rule = `at most ${String(met.perSecond)} ${met.what} a second ${from[met.whose]}`;
    return { error: `${rule}; wait ${String(retryAfter)} s`, retryAfter };
  }

  /** Counts what has come. */
  take(what: { readonly events?: number; readonly bytes?: number }): void {
    for (const { rate, key } of this.#shares) rate.limit.take(key, what[rate.what] ?? 0);
  }
}

const from = { address: 'from one address', token: 'with one token' } as const;

function limitNameOf({ what, whose }: Rate): LimitName {
  return whose === 'address' ? what : `token_${what}`;
}
