import { appendFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { ask, openStream, page, post } from '../support/hub-http.ts';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { canMount, mountAbortableDisk, mountSmallDisk } from '../support/small-disk.ts';

const isMountable = await canMount();
const mebibyte = 1024 * 1024;

const send = (hub: HubProcess, id: string, message = 'm') => post(hub.http, { id, source: 'disk', message });
const isReady = async (hub: HubProcess) => (await ask(`${hub.http}/readyz`)).status === 200;

/** What the hub says about its disk, oldest first. */
async function warnings(hub: HubProcess): Promise<readonly string[]> {
  const { events } = await page(hub.http, 'after=0&source=alert-hub&key=alert-hub/disk');
  return events.map(({ severity, status }) => `${severity} ${status}`);
}

describe.skipIf(!isMountable)('a disk that gets full', () => {
  test('is warned of, then events are refused while all else goes on, and taken again soon after space is freed', async () => {
    const disk = await mountSmallDisk(64);
    const hub = await startHubProcess({ dataDir: join(disk.path, 'data') });
    expect((await send(hub, 'before')).status).toBe(201);
    const ballast = join(disk.path, 'ballast');

    await writeFile(ballast, Buffer.alloc(52 * mebibyte));
    await waitFor(async () => (await warnings(hub)).length === 1, { what: 'the warning' });
    expect((await send(hub, 'low')).status).toBe(201);

    await appendFile(ballast, Buffer.alloc(6 * mebibyte));
    await waitFor(async () => !(await isReady(hub)), { what: 'the hub to notice' });
    expect((await ask(`${hub.http}/healthz`)).body).toMatchObject({ ok: true, log: { state: 'full' } });
    const refused = await send(hub, 'refused');
    expect(refused).toMatchObject({ status: 507, body: { ok: false, code: 'storage_full', id: 'refused' } });
    // There is room left for what the hub itself has to record, and live subscribers see it.
    const stream = await openStream(`${hub.http}/api/events?after=0`, { Accept: 'text/event-stream' });
    await waitFor(() => stream.text().includes('no events are taken'), { what: 'the hub’s own event' });
    expect((await page(hub.http, 'after=0&source=disk')).events.map(({ id }) => id)).toEqual(['before', 'low']);

    await unlink(ballast);
    const freedAt = performance.now();
    await waitFor(async () => (await send(hub, 'after')).status === 201, { what: 'events to be taken again' });
    expect(performance.now() - freedAt).toBeLessThan(5_000);
    await waitFor(async () => (await warnings(hub)).length === 3, { what: 'the end of the warning' });
    const told = ['warning firing', 'critical firing', 'info resolved'];
    expect(await warnings(hub)).toEqual(told);

    await writeFile(ballast, Buffer.alloc(52 * mebibyte));
    await waitFor(async () => (await warnings(hub)).length === 4, { what: 'the next warning' });
    await hub.stop();
    const again = await startHubProcess({ dataDir: join(disk.path, 'data') });
    await unlink(ballast);
    await waitFor(async () => (await warnings(again)).length === 5, { what: 'its end, and no other warning before' });
    expect(await warnings(again)).toEqual([...told, 'warning firing', 'info resolved']);
  });

  test('to its last byte stops no process and loses nothing', async () => {
    const disk = await mountSmallDisk(64);
    const dataDir = join(disk.path, 'data');
    const hub = await startHubProcess({ dataDir });
    const accepted: string[] = [];
    const statuses = new Set<number>();
    // So fast that what is free is not known in time.
    await writeFile(join(disk.path, 'ballast'), Buffer.alloc(40 * mebibyte));
    await disk.remount('size=44m');
    for (let at = 0; !statuses.has(507); at += 1) {
      const batch = Array.from({ length: 100 }, (_, index) => ({
        id: `${at}-${index}`,
        source: 'disk',
        message: 'm'.repeat(8_000),
      }));
      const { status, body } = await post(hub.http, batch);
      statuses.add(status);
      const { results = [] } = body as { results?: readonly { ok: boolean; id: string }[] };
      accepted.push(...results.filter(({ ok }) => ok).map(({ id }) => id));
    }
    await disk.remount('size=64m');
    await unlink(join(disk.path, 'ballast'));
    await waitFor(() => isReady(hub), { what: 'the hub to take events again' });
    expect((await send(hub, 'after')).status).toBe(201);
    await hub.kill();
    const again = await startHubProcess({ dataDir });
    const log = await ask(`${again.http}/api/events?source=disk`, { headers: { Accept: 'application/x-ndjson' } });
    const recorded = (log.body as string).trimEnd().split('\n');
    expect(recorded.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual([...accepted, 'after']);
  });
});

describe.skipIf(!isMountable)('a disk that becomes read-only', () => {
  test('stops neither the hub nor those who read, and nothing more is acknowledged', async () => {
    const disk = await mountAbortableDisk(64);
    const hub = await startHubProcess({ dataDir: join(disk.path, 'data') });
    expect((await send(hub, 'before')).status).toBe(201);
    await disk.remount('abort');
    for (const id of ['first', 'second']) {
      const { status, body } = await send(hub, id);
      expect({ status, body }).toMatchObject({ status: 503, body: { ok: false, id } });
    }
    expect(await isReady(hub)).toBe(false);
    expect((await ask(`${hub.http}/healthz`)).status).toBe(200);
    expect((await page(hub.http, 'after=0&limit=1')).events.map(({ id }) => id)).toEqual(['before']);
  });
});
