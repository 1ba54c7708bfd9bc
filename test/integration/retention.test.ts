import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { startHub } from '../support/hub.ts';
import { ask, openStream, page, post } from '../support/hub-http.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { connectWs } from '../support/ws-client.ts';

const events = (count: number, from = 1, message = 'm') =>
  Array.from({ length: count }, (_, index) => ({ id: `e${from + index}`, source: 's', message }));

async function total(http: string): Promise<number> {
  return ((await ask(`${http}/api/stats?since=1d`)).body as { total: number }).total;
}

describe('retention', () => {
  it('keeps the newest events by their number, in the log, in the counts, and for cursors', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir, env: { HUB_RETENTION_MAX_EVENTS: '100' } });
    await post(hub.http, events(250));
    await waitFor(async () => (await page(hub.http, 'limit=0')).first === 151, { what: 'the first 150 to be gone' });

    const kept = await page(hub.http, 'order=asc&limit=1000');
    expect(kept.events.map(({ position }) => position)).toEqual(Array.from({ length: 100 }, (_, at) => 151 + at));
    expect(await total(hub.http)).toBe(100);
    expect(await ask(`${hub.http}/api/events?after=149`)).toMatchObject({ status: 410, body: { code: 'gone' } });
    expect((await page(hub.http, 'after=150&limit=1')).events[0]).toMatchObject({ position: 151 });
    expect(await ask(`${hub.http}/api/events/150`)).toMatchObject({ status: 410, body: { code: 'gone' } });
    const socket = await connectWs(hub.http, '?after=10');
    expect(await socket.closed).toMatchObject({ code: 4410 });
  });

  it('frees an id, and goes on at the next position when everything is removed and the hub started again', async () => {
    const dataDir = await makeTempDir();
    let now = Date.parse('2026-03-01T12:00:00.000Z');
    const options = { dataDir, env: { HUB_RETENTION_MAX_AGE: '1h' }, clock: () => now };
    const hub = await startHub(options);
    await post(hub.http, events(10));
    now += 3_600_001;
    await waitFor(async () => (await page(hub.http, 'limit=0')).first === 11, { what: 'all to be gone' });
    expect(await page(hub.http)).toMatchObject({ head: 10, first: 11, events: [] });
    const { epoch } = await page(hub.http);
    await hub.stop();

    const again = await startHub(options);
    expect(await page(again.http)).toMatchObject({ epoch, head: 10, first: 11, events: [] });
    expect(await post(again.http, { id: 'e1', source: 's', message: 'other' })).toMatchObject({
      status: 201,
      body: { position: 11 },
    });
  });

  it('gives the space of large events back to the system', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir, env: { HUB_RETENTION_MAX_BYTES: '2MiB' } });
    for (let from = 1; from <= 2_000; from += 100) await post(hub.http, events(100, from, 'x'.repeat(8_000)));
    const size = async () => (await stat(join(dataDir, 'hub.db'))).size;
    await waitFor(async () => (await page(hub.http, 'limit=0')).first > 1_600, {
      what: 'most to be gone',
      within: 20_000,
    });
    await waitFor(async () => (await size()) < 6 * 1024 * 1024, { what: 'a file below 6 MiB', within: 20_000 });
    expect((await page(hub.http, 'limit=0')).head).toBe(2_000);
  });

  it('ends a stalled reader whose next events are removed, instead of skipping them', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir, env: { HUB_RETENTION_MAX_EVENTS: '50' } });
    await post(hub.http, events(40, 1, 'x'.repeat(8_000)));
    const reader = await openStream(`${hub.http}/api/events?after=0`, { Accept: 'text/event-stream' });
    reader.pause();
    for (let from = 41; from <= 4_000; from += 99) await post(hub.http, events(99, from, 'x'.repeat(8_000)));
    await waitFor(async () => (await page(hub.http, 'limit=0')).first > 3_900, { what: 'retention', within: 20_000 });
    reader.resume();
    await reader.ended;
    const seen = reader.positions();
    expect(seen).toEqual(seen.map((_, index) => index + 1));
    expect(seen.length).toBeLessThan(4_000);
  });

  it('keeps what alerting has not kept for its next start yet', async () => {
    const dataDir = await makeTempDir();
    const env = {
      HUB_RETENTION_MAX_EVENTS: '1',
      HUB_SMTP_URL: 'smtp://127.0.0.1:1',
      HUB_SMTP_FROM: 'hub@example.org',
      HUB_ALERT_TO: 'ops@example.com',
    };
    const hub = await startHub({ dataDir, env });
    await post(hub.http, { id: 'fire', source: 's', severity: 'critical', message: 'fire' });
    await post(hub.http, events(20));
    await waitFor(async () => (await page(hub.http, 'limit=0')).first > 2, { what: 'fire to be gone', within: 20_000 });
    await hub.stop();

    const again = await startHub({ dataDir, env });
    const pending = (await ask(`${again.http}/api/notifications?state=pending`)).body as readonly { subject: string }[];
    expect(pending.map(({ subject }) => subject)).toEqual(['[CRITICAL] s: fire']);
  });

  it.each([
    ['HUB_RETENTION_MAX_AGE', 'soon', 'a span such as 12h'],
    ['HUB_RETENTION_MAX_EVENTS', '0', 'a whole number from 1'],
    ['HUB_RETENTION_MAX_BYTES', 'much', 'a size such as 64MiB'],
  ])('refuses %s=%s at the start', async (name, value, rule) => {
    const dataDir = await makeTempDir();
    await expect(startHub({ dataDir, env: { [name]: value } })).rejects.toThrow(rule);
  });
});
