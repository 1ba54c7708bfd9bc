import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/server/exchange.ts';
import { statsRoutes } from '../../src/server/stats-routes.ts';
import type { Statistics } from '../../src/pipeline/statistics.ts';
import { anyone } from '../support/principals.ts';

const now = Date.parse('2026-03-01T10:00:00.000Z');

/** Answers a request with statistics that say what they were asked in what they answer. */
async function ask(path: string, queryText: string, statistics: Partial<Statistics>): Promise<unknown> {
  const routes = statsRoutes({
    log: { epoch: 'e1', first: 1 },
    statistics: statistics as Statistics,
    subscriptions: { count: 2 },
    emailStatus: () => ({ state: 'paused', sent: 4, pending: 3, dead: 1 }),
    clock: () => now,
  });
  let body = '';
  const exchange = { queryText, json: (_: number, text: string) => (body = text) };
  await routes.find((route) => route.path === path)?.handle(exchange as unknown as Exchange, [], anyone);
  return JSON.parse(body);
}

describe('the routes of the statistics', () => {
  it('say how mail is going, and since when they count', async () => {
    const asked: number[] = [];
    const summary: Statistics['summary'] = async (since, to) => {
      asked.push(since, to);
      const bySeverity = { info: 1, warning: 2, error: 3, critical: 4 };
      return { head: 9, bySeverity, byChannel: {}, bySource: [], perMinute: [] };
    };

    const stats = await ask('/api/stats', 'since=15m', { summary });

    expect(stats).toMatchObject({
      total: 10,
      subscribers: 2,
      email: { state: 'paused', sent: 4, pending: 3, dead: 1 },
    });
    expect(asked).toEqual([now - 15 * 60_000, now]);
  });

  it('say after which position a histogram counts when the search ended early', async () => {
    const histogram: Statistics['histogram'] = async () => ({ counts: [0, 0, 7, 0], countedAfter: 42 });

    expect(await ask('/api/histogram', 'q=door&since=1s&buckets=1', { histogram })).toEqual({
      from: '2026-03-01T09:59:59.001Z',
      to: '2026-03-01T10:00:00.001Z',
      buckets: [{ time: '2026-03-01T09:59:59.001Z', info: 0, warning: 0, error: 7, critical: 0 }],
      countedAfter: 42,
    });
  });

  it('search the log only where a query says something', async () => {
    const filters: unknown[] = [];
    const histogram: Statistics['histogram'] = async (_, filter) => {
      filters.push(filter);
      return { counts: [], countedAfter: null };
    };

    for (const queryText of ['', 'q=', 'q=%20', 'q=door']) await ask('/api/histogram', queryText, { histogram });

    expect(filters).toEqual([null, null, null, expect.objectContaining({ types: ['event'] })]);
  });

  it('count an hour back from until when since is missing', async () => {
    const ranges: unknown[] = [];
    const histogram: Statistics['histogram'] = async (range) => {
      ranges.push(range);
      return { counts: [], countedAfter: null };
    };

    await ask('/api/histogram', 'until=2h', { histogram });

    expect(ranges).toEqual([{ from: now - 3 * 3_600_000, to: now - 2 * 3_600_000, count: 60 }]);
  });
});
