import { describe, expect, it } from 'vitest';
import { startHub } from '../support/hub.ts';
import { at, get, noEvents, refusal, send, type Histogram } from '../support/stats-api.ts';
import { makeTempDir } from '../support/temp-dir.ts';

describe('the histogram', () => {
  it('has as many buckets as asked, side by side, with the events of each', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    await send(hub, [
      { message: 'before', time: at(-0.001) },
      { message: 'a', time: at(0) },
      { message: 'b', severity: 'warning', time: at(14.999) },
      { message: 'c', severity: 'critical', time: at(15) },
      { message: 'd', severity: 'critical', time: at(44.999) },
      { message: 'after', time: at(45) },
    ]);

    const histogram = await get<Histogram>(hub, `/api/histogram?since=${at(0)}&until=${at(45)}&buckets=3`);

    expect(histogram).toEqual({
      from: at(0),
      to: at(45),
      buckets: [
        { time: at(0), ...noEvents, info: 1, warning: 1 },
        { time: at(15), ...noEvents, critical: 1 },
        { time: at(30), ...noEvents, critical: 1 },
      ],
    });
  });

  it('counts what a query matches, however late it came', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    await send(hub, [
      { message: 'link down', source: 'sw-1', time: at(1) },
      { message: 'link down', source: 'ap-1', time: at(1) },
    ]);
    await send(hub, [{ message: 'now' }]);
    await send(hub, [{ message: 'LINK up', source: 'sw-2', time: at(2) }]);

    const query = encodeURIComponent('link source:sw-*');
    const { buckets } = await get<Histogram>(hub, `/api/histogram?q=${query}&since=${at(0)}&until=${at(3)}&buckets=3`);

    expect(buckets.map(({ info }) => info)).toEqual([0, 1, 1]);
  });

  it('is of the last hour, in sixty buckets, if nothing else is said', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });

    const { from, to, buckets } = await get<Histogram>(hub, '/api/histogram');

    expect(Date.parse(to) - Date.parse(from)).toBe(3_600_000);
    expect(Math.abs(Date.now() - Date.parse(to))).toBeLessThan(10_000);
    expect(buckets).toHaveLength(60);
    expect(Date.parse(buckets[1]?.time ?? '') - Date.parse(buckets[0]?.time ?? '')).toBe(60_000);
  });

  it('refuses what it cannot read and says why', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    const reasons = {
      '/api/histogram?buckets=0': /^buckets: must be a whole number from 1 to 1000; got "0"$/,
      '/api/histogram?buckets=1001': /^buckets: /,
      '/api/histogram?since=1h&until=2h': /^until: must be after since .*; got "2h"$/,
      '/api/histogram?since=59ms': /^until: must be after since by at least a millisecond for each of the 60 buckets/,
      '/api/histogram?severity=error': /^severity: unknown parameter/,
    };

    for (const [path, reason] of Object.entries(reasons)) {
      expect(await refusal(hub, path), path).toEqual([400, 'invalid_request', expect.stringMatching(reason)]);
    }
  });

  it('refuses a query that cannot be read', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });

    expect(await refusal(hub, '/api/histogram?q=severity%3Aloud')).toEqual([400, 'invalid_query', expect.any(String)]);
  });
});
