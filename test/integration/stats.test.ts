import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startHub, startHubProcess } from '../support/hub.ts';
import {
  at,
  get,
  hour,
  noEvents,
  refusal,
  send,
  type Draft,
  type Histogram,
  type Stats,
} from '../support/stats-api.ts';
import { makeTempDir } from '../support/temp-dir.ts';

describe('the statistics', () => {
  it('hold every event that was acknowledged before the request', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });

    for (let sent = 1; sent <= 20; sent += 1) {
      await send(hub, [{ message: 'now', source: 'door' }]);
      const { total, head } = await get<Stats>(hub, '/api/stats');
      const { buckets } = await get<Histogram>(hub, '/api/histogram?buckets=1');
      expect([total, head, buckets[0]?.info]).toEqual([sent, sent, sent]);
    }
  });

  it('answer with the fields of the contract, in its order', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    await send(hub, [
      { message: 'a', source: 'sw-1', severity: 'error', time: at(61) },
      { message: 'b', source: 'sw-2', severity: 'info', time: at(61) },
      { message: 'c', source: 'sw-2', severity: 'critical', time: at(190) },
    ]);

    const stats = await get<Stats>(hub, `/api/stats?since=${hour}`);

    expect(Object.keys(stats)).toEqual(
      'epoch head first total bySeverity byChannel bySource perMinute subscribers email'.split(' '),
    );
    expect(stats.epoch).toMatch(/^[\w-]{8,}$/);
    expect(stats).toMatchObject({
      head: 3,
      first: 1,
      total: 3,
      bySeverity: { info: 1, warning: 0, error: 1, critical: 1 },
      byChannel: { http: 3 },
      bySource: [
        { source: 'sw-2', count: 2 },
        { source: 'sw-1', count: 1 },
      ],
      subscribers: 0,
      email: { state: 'off', sent: 0, pending: 0, dead: 0 },
    });
  });

  it('count per minute from since to now, quiet minutes too, at most a day', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    const minutesAgo = (minutes: number) => new Date(minute - minutes * 60_000).toISOString();
    await send(hub, [
      { message: 'a', severity: 'error', time: minutesAgo(2) },
      { message: 'b', time: minutesAgo(4) },
    ]);

    const { perMinute } = await get<Stats>(hub, `/api/stats?since=${minutesAgo(3)}`);
    const week = await get<Stats>(hub, '/api/stats?since=7d');

    // The minute may have turned since.
    expect(perMinute.slice(0, 4)).toEqual([
      { time: minutesAgo(3), ...noEvents },
      { time: minutesAgo(2), ...noEvents, error: 1 },
      { time: minutesAgo(1), ...noEvents },
      { time: minutesAgo(0), ...noEvents },
    ]);
    expect(week.perMinute).toHaveLength(1_440);
    expect(week.total).toBe(2);
  });

  it('begin at the very millisecond of since', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    await send(
      hub,
      [0, 1, 2, 3].map((ms) => ({ message: 'a', source: `s${String(ms)}`, time: Date.parse(at(5)) + ms })),
    );

    const stats = await get<Stats>(hub, `/api/stats?since=${at(5.002)}`);

    expect(stats.total).toBe(2);
    expect(stats.bySource.map(({ source }) => source)).toEqual(['s2', 's3']);
  });

  it('name the ten sources with the most events', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    const sources = Array.from({ length: 12 }, (_, index) => index + 1);
    await send(
      hub,
      sources.flatMap((count) => Array.from({ length: count }, () => ({ message: 'a', source: `s${String(count)}` }))),
    );

    const { bySource } = await get<Stats>(hub, '/api/stats?since=1h');

    expect(bySource).toEqual(
      sources
        .toReversed()
        .slice(0, 10)
        .map((count) => ({ source: `s${String(count)}`, count })),
    );
  });

  it('count who listens', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    const listening = new AbortController();
    await fetch(`${hub.http}/api/events`, { headers: { accept: 'text/event-stream' }, signal: listening.signal });

    expect(await get<Stats>(hub, '/api/stats')).toMatchObject({ subscribers: 1 });
    listening.abort();
  });

  it('refuse what they cannot read and say why', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    const reasons = {
      '/api/stats?since=yesterday': /^since: must be RFC 3339 .* got "yesterday"$/,
      '/api/stats?until=1h': /^until: unknown parameter/,
    };

    for (const [path, reason] of Object.entries(reasons)) {
      expect(await refusal(hub, path), path).toEqual([400, 'invalid_request', expect.stringMatching(reason)]);
    }
  });
});

describe('the file of the statistics', () => {
  const drafts: readonly Draft[] = Array.from({ length: 500 }, (_, index) => ({
    message: 'a',
    source: `s${String(index % 7)}`,
    severity: index % 3 === 0 ? 'error' : 'info',
    time: at(index),
  }));
  const path = `/api/stats?since=${hour}`;
  const counted = { total: 1_000, bySeverity: { ...noEvents, info: 666, error: 334 }, byChannel: { http: 1_000 } };

  it('is exact after the hub was killed', async () => {
    const dataDir = await makeTempDir();
    const killed = await startHubProcess({ dataDir });
    await send(killed, drafts);
    await get(killed, path);
    await send(killed, drafts);
    await killed.kill();

    const hub = await startHub({ dataDir });

    expect(await get<Stats>(hub, path)).toMatchObject(counted);
  });

  it('is made anew when it is missing', async () => {
    const dataDir = await makeTempDir();
    const before = await startHub({ dataDir });
    await send(before, drafts);
    await send(before, drafts);
    await before.stop();
    await rm(join(dataDir, 'index.db'));

    const hub = await startHub({ dataDir });

    expect(await get<Stats>(hub, path)).toMatchObject(counted);
    await send(hub, [{ message: 'one more', time: at(0) }]);
    expect(await get<Stats>(hub, path)).toMatchObject({ total: 1_001 });
  });
});
