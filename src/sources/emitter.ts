import { setImmediate } from 'node:timers/promises';
import { Observable, type Subscriber } from 'rxjs';
import { sourceRefusal, type SourceList } from '../pipeline/access.ts';
import type { Backlog } from '../pipeline/backlog.ts';
import type { Envelope } from '../pipeline/envelope.ts';
import type { EventDraft } from '../pipeline/event.ts';
import type { Outcome } from '../pipeline/outcome.ts';

/** The input end of a source whose drafts are handed to it by the server. While nothing is subscribed (before the start,
 *  after the stop) and while the backlog is full, a draft is refused at once. */
export class Emitter {
  readonly #channel: string;
  readonly #backlog: Backlog;
  #subscriber: Subscriber<Envelope> | null = null;
  #open = 0;
  readonly #onStop = new Set<() => void>();
  #whenIdle: (() => void) | null = null;

  constructor(channel: string, backlog: Backlog) {
    this.#channel = channel;
    this.#backlog = backlog;
  }

  readonly envelopes$ = new Observable<Envelope>((subscriber) => {
    this.#subscriber = subscriber;
    return () => {
      this.#subscriber = null;
      for (const callback of this.#onStop) callback();
    };
  });

  /** Refuses a draft that is of none of `sources`; null is any. */
  emit(draft: EventDraft, bytes: number, settle: (outcome: Outcome) => void, sources: SourceList): void {
    const refusal = sourceRefusal(draft, sources);
    if (refusal !== undefined) {
      settle(refusal);
      return;
    }
    if (this.#subscriber === null) {
      settle(unavailable('the hub is stopping; send it again to the next one', draft.id));
      return;
    }
    this.#open += 1;
    this.#subscriber.next({
      draft,
      channel: this.#channel,
      bytes,
      settle: (outcome) => {
        this.#open -= 1;
        settle(outcome);
        if (this.#open === 0) this.#whenIdle?.();
      },
    });
  }

  /** Calls back when no more is taken. Returns how to take that back. */
  onStop(callback: () => void): () => void {
    this.#onStop.add(callback);
    return () => this.#onStop.delete(callback);
  }

  /** Why nothing can be taken right now, or undefined. */
  refusal(): Outcome | undefined {
    if (!this.#backlog.isFull) return undefined;
    return unavailable('the hub has as much waiting as it can hold; send it again in a second');
  }

  /** Resolves once every envelope that was emitted is settled and its answer, which takes some microtasks, is out. */
  async idle(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#open === 0) resolve();
      else this.#whenIdle = resolve;
    });
    await setImmediate();
  }
}

function unavailable(error: string, id?: string): Outcome {
  return { kind: 'failed', code: 'unavailable', error, ...(id === undefined ? {} : { id }) };
}
