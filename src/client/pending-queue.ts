import type { Verdict } from './verdict.ts';

/** A draft that has no verdict yet. */
export interface Pending {
  /** As the draft has it: the hub refuses one that is not a string. */
  readonly id: unknown;
  readonly sequence: number;
  /** The draft as JSON, the same on every attempt. */
  readonly text: string;
  /** At least the length of `text` in UTF-8. */
  readonly bytes: number;
  readonly resolve: (verdict: Verdict) => void;
}

/** The drafts without a verdict, in the order in which they came: those that wait, and those that are on their way. */
export class PendingQueue {
  #waiting: Pending[] = [];
  /** How many at the start of `#waiting` have been taken: cutting an array at its start costs its whole length. */
  #taken = 0;
  #onTheirWay = new Set<Pending>();
  #sequence = 0;

  get size(): number {
    return this.waiting + this.onTheirWay;
  }

  get waiting(): number {
    return this.#waiting.length - this.#taken;
  }

  get onTheirWay(): number {
    return this.#onTheirWay.size;
  }

  add(draft: Omit<Pending, 'sequence'>): void {
    this.#sequence += 1;
    this.#waiting.push({ ...draft, sequence: this.#sequence });
  }

  /** The next ones to send: at least one if any waits, then as many as fit. */
  take(most: number, mostBytes: number): readonly Pending[] {
    let bytes = 0;
    let end = this.#taken;
    while (end < this.#waiting.length && end - this.#taken < most) {
      bytes += this.#waiting[end]?.bytes ?? 0;
      if (bytes > mostBytes && end > this.#taken) break;
      end += 1;
    }
    const run = this.#waiting.slice(this.#taken, end);
    this.#taken = end;
    if (this.#taken > this.#waiting.length / 2) this.#compact();
    for (const pending of run) this.#onTheirWay.add(pending);
    return run;
  }

  /** Whether it was on its way; it is not in the queue any more. */
  remove(pending: Pending): boolean {
    return this.#onTheirWay.delete(pending);
  }

  /** They were on their way and wait again, in their old order. */
  putBack(pendings: Iterable<Pending>): void {
    const back = [...pendings].filter((pending) => this.#onTheirWay.delete(pending));
    this.#compact();
    this.#waiting = [...back, ...this.#waiting].sort((a, b) => a.sequence - b.sequence);
  }

  putBackAll(): void {
    this.putBack(this.#onTheirWay);
  }

  /** Empties it; says of each whether it was on its way. */
  clear(): readonly { readonly pending: Pending; readonly wasSent: boolean }[] {
    const sent = [...this.#onTheirWay].map((pending) => ({ pending, wasSent: true }));
    this.#compact();
    const unsent = this.#waiting.map((pending) => ({ pending, wasSent: false }));
    this.#onTheirWay = new Set();
    this.#waiting = [];
    return [...sent, ...unsent];
  }

  #compact(): void {
    this.#waiting = this.#waiting.slice(this.#taken);
    this.#taken = 0;
  }
}
