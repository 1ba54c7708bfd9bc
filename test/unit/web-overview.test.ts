import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CountsApi, HistogramRequest } from '../../web/api/counts-api.ts';
import { totalOf } from '../../web/state/counts.ts';
import { Overview } from '../../web/state/overview.ts';

const now = Date.parse('2026-03-01T12:00:07Z');
const counts = { info: 1, warning: 0, error: 0, critical: 0 };
const stats = {
  head: 9,
  bySeverity: { info: 5, warning: 2, error: 1, critical: 1 },
  subscribers: 1,
  email: { state: 'off', sent: 0, pending: 0, dead: 0 },
} as const;

let asked: HistogramRequest[] = [];
let hubAheadMs = 0;
let isDown = false;
let countedAfter: number | undefined;
let overview: Overview;

const api: CountsApi = {
  stats: () => Promise.resolve(stats),
  histogram: (request) => {
    if (isDown) return Promise.reject(new Error('no answer'));
    asked.push(request);
    return Promise.resolve({
      to: request.until ?? new Date(Date.now() + hubAheadMs).toISOString(),
      buckets: Array.from({ length: request.buckets }, () => counts),
      ...(countedAfter === undefined ? {} : { countedAfter }),
    });
  },
};

beforeEach(() => {
  vi.useFakeTimers({ now });
  asked = [];
  hubAheadMs = 0;
  isDown = false;
  countedAfter = undefined;
  overview = new Overview({ api, isHidden: () => false, zoneMs: () => 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

async function ask(query: string): Promise<void> {
  overview.ask({ query, range: '1h', most: 60 });
  await vi.advanceTimersByTimeAsync(0);
}

describe('Overview', () => {
  it('counts all events of the range without a search, and what matches with one', async () => {
    await ask('');
    expect(overview.snapshot.value?.counts).toEqual(stats.bySeverity);
    await ask('link');
    expect(overview.snapshot.value?.counts.info).toBe(overview.snapshot.value?.buckets.length);
    expect(asked.map(({ q }) => q)).toEqual(['', '', 'link', 'link']);
  });

  it('takes the pace from the last minute', async () => {
    await ask('');
    expect(asked[0]).toEqual({ q: '', since: '15m', buckets: 15 });
    expect(overview.snapshot.value?.pace).toMatchObject({ perMinute: 1, isMean: false });
  });

  it('counts the time that the search asks for, with its mean pace', async () => {
    await ask('time>=2026-03-01T10:00:00Z time<2026-03-01T10:30:00Z');
    expect(asked).toMatchObject([{ since: '2026-03-01T10:00:00.000Z', until: '2026-03-01T10:30:00.000Z' }]);
    const { buckets, pace } = overview.snapshot.value!;
    const total = buckets.reduce((sum, bucket) => sum + totalOf(bucket), 0);
    expect(pace).toEqual({ perMinute: Math.round(total / 30), isMean: true, minutes: [] });
  });

  it('goes by the clock of the hub', async () => {
    hubAheadMs = 3_600_000;
    await ask('');
    expect(asked[1]?.until).toBe('2026-03-01T13:01:00.000Z');
  });

  it('keeps the numbers while the hub does not answer, says since when, and asks on', async () => {
    await ask('');
    const before = overview.snapshot.value;
    isDown = true;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(overview.snapshot.value).toBe(before);
    expect(overview.failingSince.value).toBe(now + 5_000);
    isDown = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(overview.failingSince.value).toBeNull();
    expect(overview.snapshot.value).not.toBe(before);
  });

  it('says when not everything could be counted', async () => {
    await ask('link');
    expect(overview.snapshot.value?.isPartial).toBe(false);
    countedAfter = 4;
    await ask('link');
    expect(overview.snapshot.value?.isPartial).toBe(true);
  });
});
