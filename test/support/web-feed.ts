import type { Cursor, Subscription, SubscribeOptions } from '../../src/client/subscription.ts';
import type { RecordedEvent, Severity } from '../../src/pipeline/event.ts';
import { HubError } from '../../src/client/hub-error.ts';
import type { PageAnswer, PageRequest } from '../../web/api/hub-api.ts';
import { Connection } from '../../web/state/connection.ts';
import { Feed } from '../../web/state/feed.ts';
import { Hold } from '../../web/state/hold.ts';
import { rowsBetween } from './web-rows.ts';

export interface AskedPage {
  readonly request: PageRequest;
  readonly signal: AbortSignal;
  answer(answer: Partial<PageAnswer>): Promise<void>;
  fail(code: string): Promise<void>;
}

type Handlers = Pick<SubscribeOptions, 'onEvents' | 'onStatus'>;

/** The page's feed with neither network nor frames: a test answers its requests and plays its subscription. */
export class FeedProbe {
  readonly hold = new Hold();
  readonly asked: AskedPage[] = [];
  readonly refusals: string[] = [];
  /** What was followed, in order: the query and the place. */
  readonly followed: (readonly [string, Cursor | undefined])[] = [];
  opened = 0;
  cursor: Cursor = { epoch: 'e1', position: 0 };
  handlers: Handlers | null = null;

  readonly readPage = (request: PageRequest, signal: AbortSignal): Promise<PageAnswer> =>
    new Promise((resolve, reject) => {
      this.asked.push({
        request,
        signal,
        answer: (answer) => settled(() => resolve({ epoch: 'e1', head: 0, first: 1, rows: [], next: null, ...answer })),
        fail: (code) => settled(() => reject(new HubError(code, `${code} it is`))),
      });
    });

  readonly feed = new Feed({
    readPage: this.readPage,
    hold: this.hold,
    nextFrame: (run) => run(),
    refuse: (message) => this.refusals.push(message),
    connect: (feed) =>
      new Connection((q, start, handlers) => this.#open(q, start, handlers), {
        events: (events) => feed.receive(events),
        lost: () => feed.reload(),
        behind: (records) => feed.skipAhead(records),
      }),
  });

  get last(): AskedPage {
    return this.asked.at(-1)!;
  }

  /** Searches, with these positions as the newest page, and is live. */
  async show(query: string, first: number, last: number): Promise<void> {
    void this.feed.search(query);
    await this.last.answer({ head: last, rows: rowsBetween(first, last).reverse(), next: first > 1 ? first : null });
    this.handlers?.onStatus({ state: 'live', position: last });
  }

  positions(): (number | undefined)[] {
    const { window } = this.feed;
    return Array.from({ length: window.length }, (_, index) => window.rowAt(index)?.position);
  }

  #open(q: string, start: Cursor, handlers: Handlers): Subscription {
    this.opened += 1;
    this.followed.push([q, start]);
    this.handlers = handlers;
    return {
      cursor: () => this.cursor,
      subscribe: (filter, cursor) => this.followed.push([filter.q ?? '', cursor]),
      retryNow: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
      close: () => undefined,
    };
  }
}

/** Does it, and lets everything that waited for it run. */
async function settled(action: () => void): Promise<void> {
  action();
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

/** Events from one position to another, as the subscription gives them. */
export function eventsBetween(first: number, last: number, severity: Severity = 'info'): RecordedEvent[] {
  return rowsBetween(first, last).map(({ position, time, source, message, channel, key }) => ({
    position,
    type: 'event',
    id: `id-${String(position)}`,
    time,
    receivedAt: time,
    source,
    severity,
    message,
    channel,
    key,
    status: 'firing',
  }));
}
