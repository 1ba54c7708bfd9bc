import { TokenBucket } from './token-bucket.ts';

/** A second that was not used may be made up for in the next. */
const burstSeconds = 2;
/** Of those who were seen last; the rest are forgotten, and begin anew when they come again. */
const maxKeys = 10_000;

/** A rate for each key, of whatever is counted. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #clock: () => number;
  readonly #maxKeys: number;
  /** The one that was asked for longest ago comes first. */
  readonly #buckets = new Map<string, TokenBucket>();

  /** `clock` gives milliseconds that only grow. */
  constructor(perSecond: number, clock: () => number, most = maxKeys) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#maxKeys = most;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Milliseconds until the key may take again; 0 when it may now. */
  waitMs(key: string): number {
    return this.#bucket(key).waitMs(this.#clock());
  }

  /** Counts what has come, whether there was room for it or not. */
  take(key: string, count = 1): void {
    this.#bucket(key).take(count, this.#clock());
  }

  #bucket(key: string): TokenBucket {
    const now = this.#clock();
    const known = this.#buckets.get(key);
    this.#buckets.delete(key);
    const bucket = known ?? new TokenBucket(this.#perSecond, Math.max(1, this.#perSecond * burstSeconds), now);
    this.#forgetOldest(now);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  /** Drops those that are as good as new, which changes nothing for anyone, and one more when there are too many. */
  #forgetOldest(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (!bucket.isFull(now) && this.#buckets.size < this.#maxKeys) return;
      this.#buckets.delete(key);
    }
  }
}
