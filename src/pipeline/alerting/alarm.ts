/** No timer waits longer: the clock may be set in between. */
const longestWaitMs = 60_000;
/** Nor does one that finds a decision still on its way into the log come again at once. */
const leastWaitMs = 100;

/** Rings at the earliest of the times that it is set for, or sooner. */
export class Alarm {
  readonly #ring: () => void;
  readonly #clock: () => number;
  #timer: NodeJS.Timeout | null = null;
  #at = Infinity;
  #isStopped = false;

  constructor(ring: () => void, clock: () => number) {
    this.#ring = ring;
    this.#clock = clock;
  }

  setFor(at: number): void {
    if (at >= this.#at || this.#isStopped) return;
    this.clear();
    this.#at = at;
    const wait = Math.min(longestWaitMs, Math.max(leastWaitMs, at - this.#clock()));
    this.#timer = setTimeout(() => {
      this.clear();
      this.#ring();
    }, wait);
  }

  /** Forgets the times that it was set for. */
  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#at = Infinity;
  }

  /** It never rings again. */
  stop(): void {
    this.#isStopped = true;
    this.clear();
  }
}
