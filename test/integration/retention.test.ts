import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHub, startHubProcess } from '../support/hub.ts';
import { ask, page, post } from '../support/hub-http.ts';
import { mailSettings, notifications } from '../support/mail-hub.ts';
import { startMailServer } from '../support/smtp-receiver.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { connectWs } from '../support/ws-client.ts';

const hourMs = 3_600_000;

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
    await waitFor(async () => (await page(hub.http, 'limit=0')).first === 151, {
      what: 'the first 150 to be gone',
      within: 30_000,
    });

    const kept = await page(hub.http, 'order=asc&limit=1000');
    expect(kept.events.map(({ position }) => position)).toEqual(Array.from({ length: 100 }, (_, at) => 151 + at));
    expect(await total(hub.http)).toBe(100);
    const socket = await connectWs(hub.http);
    expect(await socket.frame('hello')).toMatchObject({ head: 250, first: 151 });
    expect((await ask(`${hub.http}/api/stats`)).body).toMatchObject({ head: 250, first: 151 });
  });

  it('frees an id, and goes on at the next position when everything is removed and the hub started again', async () => {
    const dataDir = await makeTempDir();
    let now = Date.parse('2026-03-01T12:00:00.000Z');
    const options = { dataDir, env: { HUB_RETENTION_MAX_AGE: '1h' }, clock: () => now };
    const hub = await startHub(options);
    await post(hub.http, events(10));
    now += 3_600_001;
    await waitFor(async () => (await page(hub.http, 'limit=0')).first === 11, {
      what: 'all to be gone',
      within: 30_000,
    });
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
      within: 30_000,
    });
    await waitFor(async () => (await size()) < 6 * 1024 * 1024, { what: 'a file below 6 MiB', within: 30_000 });
    expect((await page(hub.http, 'limit=0')).head).toBe(2_000);
  });

  it('keeps what a mail tells of that cannot be sent yet, over a restart, and no longer', async () => {
    const dataDir = await makeTempDir();
    const port = await findFreePort();
    const env = mailSettings(port, { HUB_RETENTION_MAX_EVENTS: '1' });
    const first = await startHub({ dataDir, env });
    const fire = { id: 'fire', source: 's', severity: 'critical', message: 'fire', labels: { room: 'kitchen' } };
    await post(first.http, fire);
    await post(first.http, events(20));
    await waitFor(async () => (await page(first.http, 'limit=0')).first > 3, {
      what: 'fire to be gone',
      within: 30_000,
    });
    expect(await ask(`${first.http}/api/events/2`)).toMatchObject({ status: 410 });
    expect((await post(first.http, { ...fire, severity: 'info', message: 'the id is free' })).status).toBe(201);
    await first.stop();

    const server = await startMailServer({ port });
    const hub = await startHub({ dataDir, env, clock: () => Date.now() + hourMs });
    await waitFor(() => server.received.length === 1, { what: 'the mail', within: 30_000 });
    expect(server.received[0]?.mail).toMatchObject({
      subject: '[CRITICAL] s: fire',
      text: expect.stringContaining('label.room: kitchen') as string,
    });
    const db = new Database(join(dataDir, 'hub.db'), { readonly: true });
    onTestFinished(() => void db.close());
    const keptRecords = db.prepare('SELECT count(*) FROM kept_records').pluck();
    await waitFor(() => keptRecords.get() === 0, { what: 'the event to be let go', within: 30_000 });
    expect(await notifications(hub.http)).toMatchObject([{ state: 'sent', events: [2] }]);
  });

  it('is said at the start to be off, or what it keeps', async () => {
    const off = await startHubProcess({ dataDir: await makeTempDir() });
    expect(off.output()).toContain('retention is off');
    expect(off.output()).toContain('HUB_RETENTION_MAX_AGE');
    const on = await startHubProcess({ dataDir: await makeTempDir(), env: { HUB_RETENTION_MAX_AGE: '30d' } });
    expect(on.output()).toContain('"retention":{"maxAge":2592000000}');
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
