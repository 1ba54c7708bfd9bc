import type { Limits } from '../limits/limits.ts';
import type { Principal } from '../pipeline/access.ts';
import { RefusedError } from '../pipeline/codes.ts';
import type { Position } from '../pipeline/event.ts';
import type { EventLog } from '../pipeline/event-log.ts';
import { readFilter } from '../pipeline/filter.ts';
import type { StoredRecord } from '../pipeline/record.ts';
import type { Subscription, Subscriptions } from '../pipeline/subscriptions.ts';
import { gone, type LogBounds } from './cursor.ts';
import { readEventsParameters, readPageQuery, readStreamQuery, type EventsParameters } from './events-query.ts';
import type { Exchange } from './exchange.ts';
import { readParameters } from './parameters.ts';
import type { GuardedRoute } from './router.ts';
import type { StreamTopics } from './stream-topics.ts';

/** A page ends early at this size. */
const maxPageBytes = 4 * 1024 * 1024;
const everything = readFilter({ type: '*' }, 0);

export interface ReadRoutesOptions {
  readonly log: EventLog;
  readonly subscriptions: Subscriptions;
  readonly topics: StreamTopics;
  readonly limits: Pick<Limits, 'subscriptions'>;
  readonly readRecord: ReadRecord;
  readonly clock: () => number;
}

/** Reading the log over HTTP: pages, single records, and streams that go on live. */
export function readRoutes(options: ReadRoutesOptions): readonly GuardedRoute[] {
  return [
    {
      method: 'GET',
      path: '/api/events',
      needs: 'read',
      handle: async (exchange, _, principal) => {
        const bounds = boundsOf(options);
        const parameters = readEventsParameters(exchange.queryText, bounds);
        const format = streamFormat(exchange.header('accept') ?? '');
        if (format === null) await answerPage(exchange, parameters, bounds, options);
        else openStream(exchange, parameters, bounds, format, { ...options, principal });
      },
    },
    {
      method: 'GET',
      path: '/api/events/:position',
      needs: 'read',
      handle: async (exchange, [position]) => {
        readParameters(exchange.queryText, []);
        exchange.json(200, (await options.readRecord(position ?? '')).json);
      },
    },
  ];
}

/** The head is what subscribers have been given, so that "from now on" and "from this head on" are the same. */
export function boundsOf({ log, subscriptions }: Pick<ReadRoutesOptions, 'log' | 'subscriptions'>): LogBounds {
  return { epoch: log.epoch, head: subscriptions.published, first: log.first };
}

async function answerPage(
  exchange: Exchange,
  parameters: EventsParameters,
  bounds: LogBounds,
  { log, clock }: ReadRoutesOptions,
): Promise<void> {
  const query = readPageQuery(parameters, bounds, clock());
  const page =
    query.limit === 0 || query.before - query.after <= 1
      ? { records: [], through: 0, isComplete: true }
      : await log.read({ ...query, maxBytes: maxPageBytes });
  // It may have moved while the page was read, and a page has no hole: not after a cursor, nor among its records.
  const { first } = log;
  if (Number(parameters.after ?? 0) > 0 && query.after < first - 1) throw gone(query.after + 1, { ...bounds, first });
  const records = page.records.filter(({ position }) => position >= first);
  const events = records.map((record) => record.json).join(',');
  const next = page.isComplete ? null : nextCursor(page.through, query.order, first);
  exchange.json(
    200,
    `{"epoch":"${bounds.epoch}","head":${String(bounds.head)},"first":${String(first)},"events":[${events}],"next":${String(next)}}`,
  );
}

function nextCursor(through: Position, order: 'asc' | 'desc', first: Position): Position | null {
  if (order === 'asc') return Math.max(through, first - 1);
  return through > first ? through : null;
}

/** Reads the record at a position given as text. Rejects with a refusal when there is none. */
export type ReadRecord = (position: string) => Promise<StoredRecord>;

export function createReadRecord(options: Pick<ReadRoutesOptions, 'log' | 'subscriptions'>): ReadRecord {
  return async (text) => {
    const bounds = boundsOf(options);
    const position = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : 0;
    if (position === 0) {
      throw new RefusedError('invalid_request', `position: must be a whole number from 1; got ${text}`);
    }
    if (position > bounds.head) {
      throw new RefusedError('not_found', `position ${text} is above the head, ${String(bounds.head)}`);
    }
    if (position < bounds.first) throw gone(position, bounds);
    const page = await options.log.read({
      after: position - 1,
      before: position + 1,
      order: 'asc',
      filter: everything,
      limit: 1,
      maxBytes: maxPageBytes,
    });
    const record = page.records[0];
    if (record === undefined) throw gone(position, bounds);
    return record;
  };
}

function streamFormat(accept: string): 'sse' | 'ndjson' | null {
  const types = accept.toLowerCase();
  if (types.includes('text/event-stream')) return 'sse';
  return types.includes('application/x-ndjson') ? 'ndjson' : null;
}

const contentTypes = {
  sse: 'text/event-stream; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const;

function openStream(
  exchange: Exchange,
  parameters: EventsParameters,
  bounds: LogBounds,
  format: 'sse' | 'ndjson',
  { subscriptions, topics, limits, clock, principal }: ReadRoutesOptions & { readonly principal: Principal },
): void {
  const resumeAfter = format === 'sse' ? readLastEventId(exchange.header('last-event-id'), bounds) : undefined;
  const request = readStreamQuery(parameters, bounds, clock(), format, resumeAfter);
  const headers = [
    ['Content-Type', contentTypes[format]],
    ['Cache-Control', 'no-store'],
    // Asks nginx to pass frames on as they come.
    ['X-Accel-Buffering', 'no'],
  ] as const;
  if (exchange.method === 'HEAD') {
    exchange.answer(200, headers, '');
    return;
  }
  const leave = limits.subscriptions.enter(exchange.clientKey, principal.token);
  if (leave === null) throw new RefusedError('rate_limited', 'too many subscriptions; close some, or wait', 1);
  let subscription: Subscription | null = null;
  const outlet = exchange.stream(format, topics, headers, {
    drained: () => subscription?.drained(),
    closed: () => {
      leave();
      forgetEnd();
      subscription?.close();
    },
  });
  const forgetEnd = principal.onEnd(() => {
    outlet.end('unauthorized');
  });
  if (request.until === undefined) outlet.greet();
  subscription = subscriptions.open(request, outlet);
}

/** `<epoch>:<position>`, as every event's `id` says it. */
function readLastEventId(id: string | undefined, bounds: LogBounds): number | undefined {
  if (id === undefined) return undefined;
  const [, epoch, position] = /^([^:]+):(\d{1,16})$/.exec(id) ?? [];
  if (epoch === undefined) {
    throw new RefusedError(
      'invalid_request',
      `Last-Event-ID: must be epoch:position; got ${JSON.stringify(id.slice(0, 80))}`,
    );
  }
  if (epoch !== bounds.epoch) throw new RefusedError('wrong_epoch', `Last-Event-ID: this log is ${bounds.epoch}`);
  return Number(position);
}
