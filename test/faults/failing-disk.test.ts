import { rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { ask, openStream, page, post } from '../support/hub-http.ts';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { canInject, inject } from '../support/inject.ts';
import { countOf } from '../support/long.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const isInjectable = await canInject();

interface Place {
  readonly hub: HubProcess;
  readonly dataDir: string;
  /** Fails system calls on the log's WAL. */
  readonly fail: (fault: string) => Promise<() => Promise<void>>;
}

async function hubWithDisk(): Promise<Place> {
  const dataDir = await makeTempDir();
  const hub = await startHubProcess({ dataDir });
  return { hub, dataDir, fail: (fault) => inject({ pid: hub.pid, file: join(dataDir, 'hub.db-wal'), fault }) };
}

const send = (hub: HubProcess, id: string) => post(hub.http, { id, source: 'disk', message: 'm' });
const isReady = async (hub: HubProcess) => (await ask(`${hub.http}/readyz`)).status === 200;
const recordedIds = async (hub: HubProcess) =>
  (await page(hub.http, 'after=0&limit=1000&source=disk')).events.map(({ id }) => id);

describe.skipIf(!isInjectable)('a sync of the log that fails', () => {
  test('once is answered in_doubt, and the event, sent again, is there once', async () => {
    const { hub, fail } = await hubWithDisk();
    const stream = await openStream(`${hub.http}/api/events?after=0`, { Accept: 'text/event-stream' });
    const expected: string[] = [];
    const faults = countOf(3, 100);
    for (let fault = 0; fault < faults; fault += 1) {
      const nth = 1 + (fault % 5);
      const stop = await fail(`fsync,fdatasync:error=EIO:when=${nth}`);
      const statuses: number[] = [];
      for (let at = 0; !statuses.includes(503); at += 1) {
        const id = `sync-${fault}-${at}`;
        const { status, body } = await send(hub, id);
        statuses.push(status);
        expected.push(id);
        if (status === 503) expect(body).toMatchObject({ ok: false, code: 'in_doubt', id });
      }
      expect(statuses).toEqual([...Array<number>(nth - 1).fill(201), 503]);
      await stop();
      const again = await send(hub, expected.at(-1) ?? '');
      expect([200, 201]).toContain(again.status);
    }
    expect(await recordedIds(hub)).toEqual(expected);
    // Those who follow live miss nothing of it, and see nothing twice.
    const count = expected.length;
    await waitFor(() => stream.positions().length >= count, { what: 'every event at a subscriber' });
    expect(stream.positions()).toEqual(expected.map((_, at) => at + 1));
    expect(hub.output().match(/"message":"the commit failed/g)).toHaveLength(faults);
  });

  test('always makes the hub say that it takes nothing, and it goes on by itself when syncs succeed again', async () => {
    const { hub, fail } = await hubWithDisk();
    expect((await send(hub, 'before')).status).toBe(201);
    const stop = await fail('fsync,fdatasync:error=EIO:when=1+');
    expect(await send(hub, 'doubtful')).toMatchObject({ status: 503, body: { code: 'in_doubt' } });
    for (let at = 0; at < 3; at += 1) {
      const { status, headers, body } = await send(hub, `refused-${at}`);
      expect({ status, body }).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(headers['retry-after']).toBe('1');
    }
    const { status, body } = await ask(`${hub.http}/readyz`);
    expect({ status, body }).toMatchObject({
      status: 503,
      body: { ok: false, reasons: [expect.stringMatching(/I\/O/i)] },
    });
    expect((await ask(`${hub.http}/healthz`)).status).toBe(200);
    expect(await recordedIds(hub)).toContain('before');
    await stop();
    await waitFor(() => isReady(hub), { within: 5_000, what: 'the hub to take events again' });
    expect((await send(hub, 'after')).status).toBe(201);
    expect((await recordedIds(hub)).filter((id) => id.startsWith('refused'))).toEqual([]);
    expect(await hub.stop()).toBe(0);
  });

  test('slowly delays the answers, which are right, and holds up nobody who reads', async () => {
    const { hub, fail } = await hubWithDisk();
    const stop = await fail('fsync,fdatasync:delay_exit=400000');
    const startedAt = performance.now();
    const answers = Array.from({ length: 40 }, (_, at) => send(hub, `slow-${at}`));
    expect((await ask(`${hub.http}/healthz`)).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(300);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(40).fill(201));
    expect(performance.now() - startedAt).toBeGreaterThan(400);
    await stop();
    expect(new Set(await recordedIds(hub)).size).toBe(40);
  });
});

describe.skipIf(!isInjectable)('a write of the log that fails', () => {
  test.each(['ENOSPC', 'EIO'])('with %s is never answered ok, and is the last one that fails', async (error) => {
    const { hub, fail } = await hubWithDisk();
    expect((await send(hub, 'before')).status).toBe(201);
    const stop = await fail(`pwrite64:error=${error}:when=1..2`);
    const { status, body } = await send(hub, 'failed');
    expect({ status, body }).toMatchObject({
      status: error === 'ENOSPC' ? 507 : 503,
      body: {
        ok: false,
        code: error === 'ENOSPC' ? 'storage_full' : (expect.stringMatching(/in_doubt|unavailable/) as unknown),
      },
    });
    await stop();
    await waitFor(() => isReady(hub), { what: 'the hub to take events again' });
    expect([200, 201]).toContain((await send(hub, 'failed')).status);
    expect(await recordedIds(hub)).toEqual(['before', 'failed']);
  });
});

describe('files of the log that go away beneath the hub', () => {
  test.each(['hub.db', 'hub.db-wal'])('are noticed: %s is deleted, and nothing more is acknowledged', async (name) => {
    const { hub, dataDir } = await hubWithDisk();
    expect((await send(hub, 'before')).status).toBe(201);
    expect(await recordedIds(hub)).toEqual(['before']);
    await unlink(join(dataDir, name));
    await waitFor(async () => !(await isReady(hub)), { what: 'the hub to notice' });
    const { status, body } = await send(hub, 'after');
    expect({ status, body }).toMatchObject({ status: 503, body: { ok: false } });
    if (name === 'hub.db') return;
    // What only the deleted file held has been saved.
    expect(await hub.stop()).toBe(0);
    expect(await recordedIds(await startHubProcess({ dataDir }))).toEqual(['before']);
  });

  test('leave in doubt what was committed meanwhile: sent again it is there, and live subscribers see it', async () => {
    const { hub, dataDir } = await hubWithDisk();
    const stream = await openStream(`${hub.http}/api/events?after=0`, { Accept: 'text/event-stream' });
    expect((await send(hub, 'before')).status).toBe(201);
    let id = '';
    // The hub may notice before the event comes; then there is no doubt.
    for (let code = ''; code !== 'in_doubt'; id += 'x') {
      await rename(dataDir, `${dataDir}-moved`);
      const { status, body } = await send(hub, `doubtful-${id}`);
      await rename(`${dataDir}-moved`, dataDir);
      expect(status).toBe(503);
      ({ code } = body as { code: string });
      await waitFor(() => isReady(hub), { what: 'the hub to take events again' });
    }
    const again = await send(hub, `doubtful-${id.slice(1)}`);
    expect(again).toMatchObject({ status: 200, body: { ok: true, duplicate: true, position: 2 } });
    await waitFor(() => stream.positions().includes(2), { what: 'the event at a subscriber' });
    expect((await send(hub, 'after')).status).toBe(201);
    await waitFor(() => stream.positions().includes(3), { what: 'the next event at a subscriber' });
    expect(stream.positions()).toEqual([1, 2, 3]);
  });

  test('are taken up again when the data directory that was moved away is put back', async () => {
    const { hub, dataDir } = await hubWithDisk();
    expect((await send(hub, 'before')).status).toBe(201);
    await rename(dataDir, `${dataDir}-moved`);
    await waitFor(async () => !(await isReady(hub)), { what: 'the hub to notice' });
    expect((await send(hub, 'meanwhile')).status).toBe(503);
    await rename(`${dataDir}-moved`, dataDir);
    await waitFor(() => isReady(hub), { what: 'the hub to take events again' });
    expect((await send(hub, 'after')).status).toBe(201);
    expect(await recordedIds(hub)).toEqual(['before', 'after']);
  });
});

// The kernel lets nobody remount a file system as read-only while a hub has files on it open, and nobody make one writable
// again that an error has made read-only (for that see `full-disk`): what is written gets the answer of such a one here.
describe.skipIf(!isInjectable)('a file system that is read-only for a while', () => {
  test('stops neither the hub nor those who read, and events are taken again, without a restart, when it is no more', async () => {
    const { hub, fail } = await hubWithDisk();
    const stream = await openStream(`${hub.http}/api/events?after=0`, { Accept: 'text/event-stream' });
    expect((await send(hub, 'before')).status).toBe(201);
    const stop = await fail('pwrite64,ftruncate,fallocate:error=EROFS:when=1+');
    // The commit in whose midst it came may have taken place.
    for (const [id, code] of [
      ['first', 'in_doubt'],
      ['second', 'unavailable'],
      ['third', 'unavailable'],
    ] as const) {
      expect(await send(hub, id)).toMatchObject({ status: 503, body: { ok: false, code, id } });
    }
    expect(await isReady(hub)).toBe(false);
    expect((await ask(`${hub.http}/healthz`)).status).toBe(200);
    expect(await recordedIds(hub)).toEqual(['before']);
    await stop();
    await waitFor(() => isReady(hub), { within: 5_000, what: 'the hub to take events again' });
    for (const id of ['first', 'after']) expect([200, 201]).toContain((await send(hub, id)).status);
    expect(await recordedIds(hub)).toEqual(['before', 'first', 'after']);
    await waitFor(() => stream.positions().length === 3, { what: 'the live reader' });
    expect(stream.positions()).toEqual([1, 2, 3]);
  });
});
