import type { Tally } from './tally.ts';

/** Messages in the form in which they are sent. */
export interface Messages {
  readonly count: number;
  /** Those from `first` up to, not including, `end`, as one piece of memory. */
  slice(first: number, end: number): Buffer;
}

interface WindowOptions {
  readonly messages: Messages;
  /** Messages that are under way at most. */
  readonly size: number;
  readonly send: (bytes: Buffer) => void;
}

/** Keeps a window of messages under way on one connection until the time is over or all are sent. */
export class Window {
  readonly #options: WindowOptions;
  /** When each message of the window was sent, by its number modulo the window. */
  readonly #sentAt: Float64Array;
  #sent = 0;
  #answered = 0;
  #run: { readonly tally: Tally; readonly endAt: number } | null = null;

  constructor(options: WindowOptions) {
    this.#options = options;
    this.#sentAt = new Float64Array(options.size);
  }

  get sent(): number {
    return this.#sent;
  }

  /** Sends the first messages. The time is over at `endAt`, as `performance.now()`. */
  start(tally: Tally, endAt: number): void {
    this.#run = { tally, endAt };
    this.#send(this.#options.size);
  }

  /** At the time `now` so many messages have been answered altogether: counts them, and sends what there is room for. */
  answered(count: number, now: number): 'more' | 'done' {
    if (this.#run === null) throw new Error('an answer has come before anything was sent');
    const { size } = this.#options;
    for (; this.#answered < count; this.#answered += 1) {
      this.#run.tally.add(1, this.#sentAt[this.#answered % size] ?? now, now);
    }
    if (now < this.#run.endAt) this.#send(count + size);
    return count < this.#sent ? 'more' : 'done';
  }

  #send(upTo: number): void {
    const { messages, size, send } = this.#options;
    const end = Math.min(upTo, messages.count);
    if (end === this.#sent) return;
    const now = performance.now();
    for (let index = this.#sent; index < end; index += 1) this.#sentAt[index % size] = now;
    send(messages.slice(this.#sent, end));
    this.#sent = end;
  }
}
