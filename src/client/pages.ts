import type { Position, RecordedEvent } from '../pipeline/event.ts';
import type { Endpoint } from './endpoint.ts';
import { fixSpans, type SubscriptionFilter } from './filter.ts';
import { hubFetch, throwIfRefused } from './http.ts';

/** What `GET /api/events` takes (contract, section 4). */
export interface PageQuery extends SubscriptionFilter {
  /** Positions, exclusive. */
  readonly after?: Position;
  readonly before?: Position;
  readonly epoch?: string;
  readonly order?: 'asc' | 'desc';
  readonly limit?: number;
}

export interface Page {
  readonly epoch: string;
  readonly head: Position;
  readonly first: Position;
  readonly events: readonly RecordedEvent[];
  /** Where the next page begins, as `after` or `before`; null when this was the last. */
  readonly next: Position | null;
}

/** The contract's most. */
const maxPageSize = 1_000;
/** A page takes the hub 2 s at most; the rest is for a machine under load. */
const pageTimeoutMs = 30_000;

/** One page. Throws a `HubError` when the hub refuses, another error when it cannot be reached. */
export async function readPage(endpoint: Endpoint, query: PageQuery): Promise<Page> {
  const response = await hubFetch(endpoint, eventsPath(query), {
    headers: { Accept: 'application/json' },
    signal: AbortSignal.timeout(pageTimeoutMs),
  });
  await throwIfRefused(response);
  return (await response.json()) as Page;
}

/** Pages from the first to the last that matches, or until `limit` records have come. Some may be empty: a search that
 *  finds nothing for 2 s ends its page. All are of one log: when it is replaced meanwhile, this throws `wrong_epoch`. */
export async function* readPages(endpoint: Endpoint, query: PageQuery): AsyncGenerator<Page, void> {
  const isAscending = (query.order ?? (query.after === undefined ? 'desc' : 'asc')) === 'asc';
  let rest = query.limit ?? Infinity;
  let next: PageQuery = fixSpans(query, Date.now());
  for (;;) {
    const page = await readPage(endpoint, { ...next, limit: Math.min(rest, maxPageSize) });
    yield page;
    rest -= page.events.length;
    if (page.next === null || rest <= 0) return;
    next = { ...next, epoch: page.epoch, ...(isAscending ? { after: page.next } : { before: page.next }) };
  }
}

export function eventsPath(query: PageQuery): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, string | number | undefined][]) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return `/api/events?${parameters.toString()}`;
}
