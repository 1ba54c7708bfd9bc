import { percentile } from '../stats.ts';

export interface LoadResult {
  /** All that was answered, that of the warm-up too. */
  readonly events: number;
  readonly perSecond: number;
  /** Milliseconds from sending to the answer. */
  readonly p50: number;
  readonly p99: number;
}

/** What is answered in the first seconds does not count, or of a run that is over sooner, this share: programs are still
 *  being compiled. */
export const warmUpShare = 0.2;

/** Counts what one run got answered, and leaves the warm-up out of the figures. Times are `performance.now()`. */
export class Tally {
  readonly #warmUntil: number;
  readonly #warmUpEvents: number;
  readonly #latencies: number[] = [];
  #events = 0;
  #first: { readonly at: number; readonly events: number } | null = null;
  #lastAt = 0;

  /** `events` is the most that the run can have answered. */
  constructor(warmUpSeconds: number, events: number) {
    this.#warmUntil = performance.now() + warmUpSeconds * 1000;
    this.#warmUpEvents = events * warmUpShare;
  }

  /** One answer, which stands for so many events. */
  add(events: number, sentAt: number, at: number): void {
    this.#events += events;
    if (at < this.#warmUntil && this.#events < this.#warmUpEvents) return;
    this.#first ??= { at, events: this.#events };
    this.#lastAt = at;
    this.#latencies.push(at - sentAt);
  }

  result(): LoadResult {
    const first = this.#first;
    if (first === null || this.#lastAt <= first.at) {
      throw new Error(`too little to measure: ${String(this.#events)} events were answered`);
    }
    return {
      events: this.#events,
      perSecond: (this.#events - first.events) / ((this.#lastAt - first.at) / 1000),
      p50: percentile(this.#latencies, 0.5),
      p99: percentile(this.#latencies, 0.99),
    };
  }
}
