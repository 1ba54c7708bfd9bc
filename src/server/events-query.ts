import { RefusedError } from '../pipeline/codes.ts';
import type { Position } from '../pipeline/event.ts';
import { filterFieldNames, givenFields, readFilter, type Filter } from '../pipeline/filter.ts';
import type { SubscribeRequest } from '../pipeline/subscriptions.ts';
import { checkAfter, checkEpoch, gone, type LogBounds } from './cursor.ts';
import { readFlag, readInteger, readParameters, readPosition } from './parameters.ts';

const parameterNames = [...filterFieldNames, 'after', 'before', 'epoch', 'limit', 'order', 'follow'] as const;
export type EventsParameters = ReturnType<typeof readParameters<(typeof parameterNames)[number]>>;

const defaultLimit = 100;
const maxLimit = 1_000;

/** What `GET /api/events` asks for as a page of JSON. */
export interface PageQuery {
  readonly filter: Filter;
  readonly after: Position;
  readonly before: Position;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

export function readEventsParameters(queryText: string, log: LogBounds): EventsParameters {
  const parameters = readParameters(queryText, parameterNames);
  checkEpoch(parameters.epoch, log);
  return parameters;
}

export function readPageQuery(parameters: EventsParameters, log: LogBounds, now: number): PageQuery {
  if (readFlag('follow', parameters.follow)) {
    throw new RefusedError('invalid_request', 'follow: needs Accept: application/x-ndjson or text/event-stream');
  }
  const after = readAfter(parameters, log);
  return {
    filter: readFilter(parameters, now),
    after: Math.max(after ?? 0, log.first - 1),
    before: Math.min(readBefore(parameters, log), log.head + 1),
    order: readOrder(parameters.order) ?? (after === undefined ? 'desc' : 'asc'),
    limit: readLimit(parameters, maxLimit) ?? defaultLimit,
  };
}

/** What it asks for as a stream. `resumeAfter` is a position from `Last-Event-ID`, which wins over `after`. */
export function readStreamQuery(
  parameters: EventsParameters,
  log: LogBounds,
  now: number,
  format: 'sse' | 'ndjson',
  resumeAfter?: Position,
): SubscribeRequest {
  const isFollowing = format === 'sse' || readFlag('follow', parameters.follow);
  if (readOrder(parameters.order) === 'desc') throw new RefusedError('invalid_request', 'order: a stream ascends');
  const after = readAfter(parameters, log, resumeAfter);
  const startsNow = isFollowing && after === undefined && parameters.since === undefined;
  const start = startsNow ? log.head : (after ?? 0);
  const query = {
    filter: readFilter(parameters, now),
    asked: givenFields(parameters),
    after: Math.max(start, log.first - 1),
    isFromFirst: !startsNow && start === 0,
  };
  if (isFollowing) {
    refuseInFollowing(parameters);
    return query;
  }
  const until = Math.max(query.after, Math.min(log.head, readBefore(parameters, log) - 1));
  const limit = readLimit(parameters, Number.MAX_SAFE_INTEGER);
  return limit === undefined ? { ...query, until } : { ...query, until, limit };
}

function readAfter(parameters: EventsParameters, log: LogBounds, resumeAfter?: Position): Position | undefined {
  const after = resumeAfter ?? (parameters.after === undefined ? undefined : readPosition('after', parameters.after));
  if (after !== undefined) checkAfter(after, log);
  return after;
}

/** Infinity when it is not given. */
function readBefore(parameters: EventsParameters, log: LogBounds): Position {
  if (parameters.before === undefined) return Infinity;
  const before = readPosition('before', parameters.before);
  if (before > 0 && before <= log.first && log.first > 1) throw gone(before - 1, log);
  return before;
}

function readLimit(parameters: EventsParameters, most: number): number | undefined {
  return parameters.limit === undefined ? undefined : readInteger('limit', parameters.limit, 0, most);
}

function refuseInFollowing(parameters: EventsParameters): void {
  if (parameters.before !== undefined || parameters.limit !== undefined) {
    const name = parameters.before === undefined ? 'limit' : 'before';
    throw new RefusedError('invalid_request', `${name}: does not go with a stream that has no end`);
  }
}

function readOrder(order: string | undefined): 'asc' | 'desc' | undefined {
  if (order === undefined || order === 'asc' || order === 'desc') return order;
  throw new RefusedError('invalid_request', `order: must be asc or desc; got ${JSON.stringify(order)}`);
}
