import { batch, computed, signal } from '@preact/signals';
import type { Subscription, SubscribeOptions, SubscriptionStatus } from '../../src/client/subscription.ts';
import type { Position, RecordedEvent } from '../../src/pipeline/event.ts';

/** Where a subscription begins: right after the page that was read. */
export interface Start {
  readonly epoch: string;
  readonly position: Position;
}

type Handlers = Pick<SubscribeOptions, 'onEvents' | 'onStatus'>;
export type OpenSubscription = (q: string, start: Start, handlers: Handlers) => Subscription;

export interface ConnectionListener {
  /** Live or missed events, in order, each once. */
  events(events: readonly RecordedEvent[]): void;
  /** The log was replaced, or what was missed is no longer kept: only reading anew helps. */
  lost(): void;
  /** The connection is back and the hub has this many records more than were seen before it broke. */
  behind(records: number): void;
}

/** The one live subscription of the page. It reconnects by itself and goes on where it was; a new search moves it. */
export class Connection {
  readonly #open: OpenSubscription;
  readonly #listener: ConnectionListener;
  #subscription: Subscription | null = null;
  readonly status = signal<SubscriptionStatus>({ state: 'connecting', attempt: 1 });
  /** Since when (milliseconds since 1970) the page may miss events, or null while it does not. */
  readonly lostAt = signal<number | null>(null);
  readonly isLive = computed(() => this.status.value.state === 'live');

  constructor(open: OpenSubscription, listener: ConnectionListener) {
    this.#open = open;
    this.#listener = listener;
  }

  /** Follows the events that match `q` from `start` on, instead of what was followed before. */
  follow(q: string, start: Start): void {
    if (this.#subscription !== null && this.status.peek().state !== 'closed') {
      this.#subscription.subscribe(q === '' ? {} : { q }, start);
      return;
    }
    this.#subscription = this.#open(q, start, {
      onEvents: (events) => this.#listener.events(events),
      onStatus: (status) => this.#note(status),
    });
  }

  /** Ends the wait before the next attempt. */
  retryNow(): void {
    this.#subscription?.retryNow();
  }

  #note(status: SubscriptionStatus): void {
    const wasLost = this.lostAt.peek() !== null;
    batch(() => {
      this.status.value = status;
      if (status.state === 'live') this.lostAt.value = null;
      if (status.state === 'waiting' || status.state === 'closed') this.lostAt.value ??= Date.now();
    });
    if (status.state === 'closed' && (status.code === 'wrong_epoch' || status.code === 'gone')) this.#listener.lost();
    const cursor = this.#subscription?.cursor() ?? null;
    if (status.state === 'catching_up' && wasLost && cursor !== null) {
      this.#listener.behind(status.head - cursor.position);
    }
  }
}
