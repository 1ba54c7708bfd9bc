import { RefusedError } from '../pipeline/codes.ts';
import { severities, type Severity } from '../pipeline/event.ts';
import type { EventLog } from '../pipeline/event-log.ts';
import { shown } from '../pipeline/field-error.ts';
import { readFilter } from '../pipeline/filter.ts';
import { instantRule, parseInstant } from '../pipeline/span.ts';
import type { EmailStatus, Statistics } from '../pipeline/statistics.ts';
import type { Subscriptions } from '../pipeline/subscriptions.ts';
import { TimeBuckets, type BucketRange } from '../pipeline/time-buckets.ts';
import { readInteger, readParameters } from './parameters.ts';
import type { GuardedRoute } from './router.ts';

const hourMs = 3_600_000;
const defaultBuckets = 60;
const maxBuckets = 1_000;

export interface StatsRoutesOptions {
  readonly log: Pick<EventLog, 'epoch' | 'first'>;
  readonly statistics: Statistics;
  readonly subscriptions: Pick<Subscriptions, 'count'>;
  readonly emailStatus: () => EmailStatus;
  readonly clock: () => number;
}

/** How many events there were, of what kind and when. */
export function statsRoutes(options: StatsRoutesOptions): readonly GuardedRoute[] {
  return [
    {
      method: 'GET',
      path: '/api/stats',
      needs: 'read',
      handle: async (exchange) => {
        exchange.json(200, JSON.stringify(await stats(exchange.queryText, options)));
      },
    },
    {
      method: 'GET',
      path: '/api/histogram',
      needs: 'read',
      handle: async (exchange) => {
        exchange.json(200, JSON.stringify(await histogram(exchange.queryText, options)));
      },
    },
  ];
}

async function stats(queryText: string, options: StatsRoutesOptions): Promise<object> {
  const { log, statistics, subscriptions, emailStatus, clock } = options;
  const { since } = readParameters(queryText, ['since']);
  const now = clock();
  const summary = await statistics.summary(since === undefined ? now - hourMs : instant('since', since, now), now);
  const { head, bySeverity, byChannel, bySource, perMinute } = summary;
  return {
    epoch: log.epoch,
    head,
    first: log.first,
    total: severities.reduce((sum, severity) => sum + bySeverity[severity], 0),
    bySeverity,
    byChannel,
    bySource,
    perMinute: perMinute.map(({ time, ...counts }) => ({ time: new Date(time).toISOString(), ...counts })),
    subscribers: subscriptions.count,
    email: emailStatus(),
  };
}

async function histogram(queryText: string, { statistics, clock }: StatsRoutesOptions): Promise<object> {
  const { q, since, until, buckets } = readParameters(queryText, ['q', 'since', 'until', 'buckets']);
  const now = clock();
  const range = readRange(since, until, buckets, now);
  const filter = readFilter({ q }, now);
  const { counts, countedAfter } = await statistics.histogram(range, filter.query.kind === 'all' ? null : filter);
  const edges = new TimeBuckets(range);
  return {
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    buckets: Array.from({ length: range.count }, (_, index) => ({
      time: new Date(edges.edge(index)).toISOString(),
      ...(Object.fromEntries(
        severities.map((severity, rank) => [severity, counts[index * severities.length + rank] ?? 0]),
      ) as Record<Severity, number>),
    })),
    // Only where the search ended early, as a page of events does.
    ...(countedAfter === null ? {} : { countedAfter }),
  };
}

/** Until now, this millisecond included, and since an hour before the end, if nothing else is said. */
function readRange(
  since: string | undefined,
  until: string | undefined,
  buckets: string | undefined,
  now: number,
): BucketRange {
  const count = buckets === undefined ? defaultBuckets : readInteger('buckets', buckets, 1, maxBuckets);
  const to = until === undefined ? now + 1 : instant('until', until, now);
  const from = since === undefined ? to - hourMs : instant('since', since, until === undefined ? to : now);
  if (to - from >= count) return { from, to, count };
  const rule = `until: must be after since by at least a millisecond for each of the ${String(count)} buckets`;
  throw new RefusedError('invalid_request', `${rule}; got ${shown(until ?? 'now')}`);
}

function instant(name: string, text: string, now: number): number {
  const at = parseInstant(text, now);
  if (at === undefined)
    throw new RefusedError('invalid_request', `${name}: must be ${instantRule}; got ${shown(text)}`);
  return at;
}
