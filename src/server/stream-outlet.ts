import type { HttpResponse } from 'uWebSockets.js';
import type { Outlet } from '../pipeline/subscriptions.ts';
import type { StreamTopics } from './stream-topics.ts';

/** A subscriber that reads an endless HTTP answer: server-sent events or NDJSON. */
export class StreamOutlet implements Outlet {
  readonly format: 'sse' | 'ndjson';
  readonly #response: HttpResponse;
  readonly #onClosed: () => void;
  readonly #topics: StreamTopics;
  #held = 0;
  #isOver = false;

  constructor(
    response: HttpResponse,
    format: 'sse' | 'ndjson',
    topics: StreamTopics,
    on: { drained: () => void; closed: () => void },
  ) {
    this.#response = response;
    this.format = format;
    this.#topics = topics;
    this.#onClosed = on.closed;
    response.onWritable(() => {
      this.#held = 0;
      on.drained();
      return true;
    });
  }

  /** uWebSockets.js does not tell how much of a response waits: all that was written since it first had to. */
  get heldBytes(): number {
    return this.#held;
  }

  send(frame: string): void {
    if (this.#isOver) return;
    this.#response.cork(() => {
      if (!this.#response.write(frame)) this.#held += Buffer.byteLength(frame);
    });
  }

  join(topic: string): void {
    this.#topics.join(topic, this);
  }

  leave(topic: string): void {
    this.#topics.leave(topic, this);
  }

  end(reason: 'done' | 'unresponsive' | 'restarting'): void {
    if (this.#isOver) return;
    if (reason === 'unresponsive') {
      this.#response.close();
      return;
    }
    this.#isOver = true;
    this.#response.cork(() => {
      this.#response.end(undefined, reason === 'restarting');
    });
    this.#onClosed();
  }

  /** The connection is gone. */
  aborted(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onClosed();
  }
}
