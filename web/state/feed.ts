import { batch, signal } from '@preact/signals';
import type { Position, RecordedEvent } from '../../src/pipeline/event.ts';
import { HubError } from '../../src/client/hub-error.ts';
import type { PageAnswer, ReadPage } from '../api/hub-api.ts';
import type { Connection } from './connection.ts';
import { EventWindow, type Waiting } from './event-window.ts';
import { FloodMeter } from './flood-meter.ts';
import type { Hold } from './hold.ts';
import type { Schedule } from './pace.ts';
import { rowOf } from './row.ts';

export const windowLimit = 5_000;
export const pageSize = 200;
/** Events a second that a person can still follow as rows going by; beyond it they are counted. */
const floodOnset = 200;

/** How the newest search went. */
export type Outcome =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      /** Milliseconds since 1970; in the past while it is being tried again, infinite when that would not help. */
      readonly retryAt: number;
    };

export interface FeedParts {
  readonly readPage: ReadPage;
  readonly connect: (feed: Feed) => Connection;
  readonly hold: Hold;
  /** Runs once with a frame soon, however often it is asked for; also in a hidden tab, if later. */
  readonly nextFrame: Schedule;
  /** The hub cannot read this query. */
  readonly refuse: (message: string) => void;
}

/** The events of the current search: the newest page, then live. Events go into the window as they come, in bounded memory;
 *  what is on the page is told by the signals, once a frame at most. */
export class Feed {
  readonly window = new EventWindow(windowLimit);
  readonly connection: Connection;
  readonly version = signal(0);
  readonly outcome = signal<Outcome>({ kind: 'loading' });
  readonly waiting = signal<Waiting>({ total: 0, critical: 0 });
  /** The query whose events the window holds; null before the first answer. */
  readonly shown = signal<string | null>(null);
  /** Counts the newest pages that were shown, so that what belonged to one can be told from the next. */
  readonly generation = signal(0);
  /** The first position that the log still keeps. */
  readonly first = signal<Position>(1);
  /** Events a second, while they come as they happen. */
  readonly rate = signal(0);
  /** How many events have come since the page was opened. */
  readonly arrived = signal<Waiting>({ total: 0, critical: 0 });
  readonly #parts: FeedParts;
  readonly #flood = new FloodMeter(floodOnset);
  #arrived: Waiting = { total: 0, critical: 0 };
  #request = new AbortController();
  #epoch = '';
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.connection = parts.connect(this);
  }

  /** Shows the events that match `query`, the old ones staying until the answer is here. A query that the hub refuses
   *  changes nothing; when the hub cannot be reached it is tried again until another search begins. */
  async search(query: string): Promise<void> {
    this.#request.abort();
    clearTimeout(this.#retry);
    const request = new AbortController();
    this.#request = request;
    const before = this.outcome.peek();
    this.outcome.value = before.kind === 'failed' ? { ...before, retryAt: 0 } : { kind: 'loading' };
    try {
      const page = await this.#parts.readPage({ q: query, limit: pageSize }, request.signal);
      if (!request.signal.aborted) this.#show(query, page);
    } catch (error) {
      if (!request.signal.aborted) this.#fail(query, error);
    }
  }

  /** Reads the newest page of the shown search again, for instance to close a gap. */
  reload(): void {
    void this.search(this.shown.peek() ?? '');
  }

  receive(events: readonly RecordedEvent[]): void {
    const now = performance.now();
    // What was missed while the connection was gone comes all at once and is no flood.
    if (this.connection.lostAt.peek() === null) this.#measure(events.length, now);
    const { total, critical } = this.#arrived;
    const criticals = events.filter((event) => event.severity === 'critical').length;
    this.#arrived = { total: total + events.length, critical: critical + criticals };
    this.window.receive(events.map(rowOf), this.#parts.hold.isHeld.peek() || this.window.isCut, now);
    this.touch();
  }

  /** Lets what waited into the list. */
  reveal(): void {
    if (!this.window.reveal(performance.now())) this.reload();
    this.touch();
  }

  /** The window changed: whoever shows it will look with the next frame. */
  touch(): void {
    this.#parts.nextFrame(() => {
      batch(() => {
        this.version.value += 1;
        this.waiting.value = this.window.waiting;
        this.arrived.value = this.#arrived;
      });
    });
  }

  /** Notices that a flood has ended although nothing comes any more. Call it every second. */
  tick(): void {
    this.#measure(0, performance.now());
  }

  /** Back after a long time: what was missed would go by unread, so the newest page is read instead and the rest when
   *  someone scrolls to it. While the reader holds the list it stays, and what was missed is counted. */
  skipAhead(records: number): void {
    if (records > windowLimit && !this.#parts.hold.isHeld.peek()) this.reload();
  }

  #measure(events: number, now: number): void {
    this.#flood.add(events, now);
    this.rate.value = this.#flood.rate;
    this.#parts.hold.setFlooded(this.#flood.isFlooded);
  }

  #show(query: string, page: PageAnswer): void {
    const isSame = this.shown.peek() === query && this.#epoch === page.epoch;
    if (!isSame) this.window.forget();
    this.#epoch = page.epoch;
    this.window.replace(page);
    this.#attempt = 0;
    batch(() => {
      this.outcome.value = { kind: 'ready' };
      this.shown.value = query;
      this.first.value = page.first;
      this.version.value += 1;
      this.waiting.value = this.window.waiting;
      this.generation.value += 1;
    });
    if (!isSame || this.connection.status.peek().state === 'closed')
      this.connection.follow(query, { epoch: page.epoch, position: page.head });
  }

  #fail(query: string, error: unknown): void {
    const { code, message } =
      error instanceof HubError
        ? error
        : new HubError('unreadable', error instanceof Error ? error.message : String(error));
    if (code === 'invalid_query') this.#parts.refuse(message);
    const isFinal = code === 'invalid_query' || code === 'invalid_request';
    if (isFinal && this.shown.peek() !== null) {
      this.outcome.value = { kind: 'ready' };
      return;
    }
    this.#attempt += 1;
    const waitMs = Math.min(maxRetryMs, 1000 * 2 ** (this.#attempt - 1));
    this.outcome.value = { kind: 'failed', code, message, retryAt: isFinal ? Infinity : Date.now() + waitMs };
    if (!isFinal) this.#retry = setTimeout(() => void this.search(query), waitMs);
  }
}

const maxRetryMs = 15_000;
