import type { LimitName, Refusals } from '../limits/refusals.ts';
import { RefusedError } from '../pipeline/codes.ts';

const minuteMs = 60_000;
/** Of keys that are remembered; the one that was counted longest ago is forgotten for one more. */
const maxKeys = 10_000;

export interface MinuteLimitOptions {
  readonly clock: () => number;
  /** In a minute. */
  readonly most: number;
  /** For people, as `logins failed`. */
  readonly what: string;
  /** Where it is counted that there were too many, and as what. */
  readonly refusals: Refusals;
  readonly limit: LimitName;
}

/** Bounds how often something may be done in a minute by one address or one token, or whatever the key stands for. */
export class MinuteLimit {
  readonly #options: MinuteLimitOptions;
  /** When each was counted lately, oldest first; the keys too. */
  readonly #done = new Map<string, readonly number[]>();

  constructor(options: MinuteLimitOptions) {
    this.#options = options;
  }

  /** Throws `rate_limited` when it was done too often. */
  check(key: string): void {
    const { clock, most, what, refusals, limit } = this.#options;
    const recent = this.#recent(key);
    const [oldest] = recent;
    if (oldest === undefined || recent.length < most) return;
    refusals.count(limit);
    const seconds = Math.max(1, Math.ceil((oldest + minuteMs - clock()) / 1_000));
    throw new RefusedError('rate_limited', `more than ${String(most)} ${what} in a minute`, seconds);
  }

  count(key: string): void {
    const recent = [...this.#recent(key), this.#options.clock()];
    this.#done.delete(key);
    this.#done.set(key, recent);
    const [first] = this.#done.keys();
    if (this.#done.size > maxKeys && first !== undefined) this.#done.delete(first);
  }

  #recent(key: string): readonly number[] {
    const now = this.#options.clock();
    return (this.#done.get(key) ?? []).filter((at) => now - at < minuteMs);
  }
}
