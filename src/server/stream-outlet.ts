import type { HttpResponse } from 'uWebSockets.js';
import type { EndReason, Outlet } from '../pipeline/subscriptions.ts';
import type { StreamTopics } from './stream-topics.ts';

/** uWebSockets.js ends an answer of which nothing was taken or written for about 10 s, and a slow reader may be slower. */
const pulseMs = 4_000;
/** Text that readers of the format ignore. */
const pulses = { sse: ':\n\n', ndjson: '\n' } as const;

/** A subscriber that reads an endless HTTP answer: server-sent events or NDJSON. */
export class StreamOutlet implements Outlet {
  readonly format: 'sse' | 'ndjson';
  readonly remoteAddress: string;
  readonly #response: HttpResponse;
  readonly #on: { readonly drained: () => void; readonly closed: () => void };
  readonly #topics: StreamTopics;
  #held = 0;
  #isOver = false;
  #pulse: NodeJS.Timeout | undefined;

  constructor(
    response: HttpResponse,
    remoteAddress: string,
    format: 'sse' | 'ndjson',
    topics: StreamTopics,
    on: { readonly drained: () => void; readonly closed: () => void },
  ) {
    this.#response = response;
    this.remoteAddress = remoteAddress;
    this.format = format;
    this.#topics = topics;
    this.#on = on;
    response.onWritable(() => {
      // The reader has taken something, though it cannot be told how much.
      if (!this.#isOver) this.#write(pulses[this.format]);
      this.#tellDrained();
      return true;
    });
  }

  /** Lets the reader know at once that it is connected: uWebSockets.js holds the head back until the first text. */
  greet(): void {
    this.send(pulses[this.format]);
  }

  /** uWebSockets.js does not tell how much of a response waits: all that was written since it first had to. */
  get heldBytes(): number {
    return this.#held;
  }

  send(frame: string): void {
    if (!this.#isOver) this.#write(frame);
  }

  join(topic: string): void {
    this.#topics.join(topic, this);
  }

  leave(topic: string): void {
    this.#topics.leave(topic, this);
  }

  end(reason: EndReason): void {
    if (this.#isOver) return;
    // Not an orderly end: what was sent is not the whole.
    if (reason !== 'done' && reason !== 'restarting') {
      this.#response.close();
      return;
    }
    this.#finish(() => {
      // Its second parameter, to close the connection, would write a header into the middle of the body.
      this.#response.cork(() => {
        this.#response.end();
      });
    });
  }

  /** The connection is gone. */
  aborted(): void {
    if (!this.#isOver) this.#finish(() => undefined);
  }

  #finish(end: () => void): void {
    this.#isOver = true;
    clearInterval(this.#pulse);
    end();
    this.#on.closed();
  }

  /** With a handler for writable events, what waits in uWebSockets.js moves on with the next write and not by itself. */
  #push(): void {
    if (this.#isOver) return;
    this.#write(pulses[this.format]);
    if (this.#held === 0) this.#tellDrained();
  }

  #tellDrained(): void {
    if (!this.#isOver) this.#on.drained();
  }

  #write(text: string): void {
    const written = { isTaken: true };
    this.#response.cork(() => {
      written.isTaken = this.#response.write(text);
    });
    if (written.isTaken) {
      this.#held = 0;
      clearInterval(this.#pulse);
      this.#pulse = undefined;
      return;
    }
    this.#held += Buffer.byteLength(text);
    this.#pulse ??= setInterval(() => {
      this.#push();
    }, pulseMs);
  }
}
