import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '../pipeline/event.ts';

/** Lets events out with the spacing that they had, so many times as fast; the first at once. */
export class Pace {
  readonly #speed: number;
  /** Of the history and of the clock: when the first event was, and when it was let out. */
  #start: { readonly at: number; readonly clock: number } | null = null;

  constructor(speed: number) {
    this.#speed = speed;
  }

  /** Resolves when it is the event's turn. One that is older than those before it is due at once. */
  async turnOf(event: RecordedEvent, signal: AbortSignal): Promise<void> {
    const waitMs = this.waitMs(event, performance.now());
    if (waitMs > 0) await waitFor(waitMs, signal);
  }

  waitMs(event: RecordedEvent, clock: number): number {
    // A producer's clock may be years ahead, and nothing has happened after it was received.
    const at = Math.min(Date.parse(event.time), Date.parse(event.receivedAt));
    this.#start ??= { at, clock };
    return this.#start.clock + (at - this.#start.at) / this.#speed - clock;
  }
}

/** The longest wait that a timer takes. */
const maxTimerMs = 2 ** 31 - 1;

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    for (let left = ms; left > 0; left -= maxTimerMs) await delay(Math.min(left, maxTimerMs), undefined, { signal });
  } catch {
    // Whoever aborts it does not want the turn any more.
  }
}
