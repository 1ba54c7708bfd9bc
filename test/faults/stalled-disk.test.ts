import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { floodOverTcp, type FloodingProducer } from '../support/flooding-producer.ts';
import { page } from '../support/hub-http.ts';
import { startHubProcess } from '../support/hub.ts';
import { canInject, inject } from '../support/inject.ts';
import { countOf } from '../support/long.ts';
import { residentBytes } from '../support/process-memory.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const mebibyte = 1024 * 1024;
const stallSeconds = countOf(6, 30);
/** Together three times what the hub takes in before the disk has taken what came first. */
const producerCount = 64;
const window = 1_500;
const within = 120_000;

const isInjectable = await canInject();

describe.skipIf(!isInjectable)('a disk that stalls under full load', () => {
  it('stops the producers, takes little memory, and loses nothing', { timeout: 360_000 }, async () => {
    const dataDir = await makeTempDir();
    const hub = await startHubProcess({ dataDir });
    const producers = await Promise.all(Array.from({ length: producerCount }, () => floodOverTcp(hub, window)));
    const memory = () => residentBytes(hub.pid, 'RssAnon');
    const before = await mostUntil(memory, () => total(producers, 'acknowledged') > 150_000);

    const fault = `fsync,fdatasync:delay_exit=${stallSeconds * 1_000_000}:when=1`;
    const stalledAt = performance.now();
    const release = await inject({ pid: hub.pid, file: join(dataDir, 'hub.db-wal'), fault });
    const acknowledged = await whenSteady(() => total(producers, 'acknowledged'));
    const unread = await whenSteady(() => unreadBytes(hub.tcpPort));
    expect(unread, 'bytes that the hub leaves in its sockets').toBeGreaterThan(mebibyte);
    const during = await mostUntil(memory, () => total(producers, 'acknowledged') > acknowledged);
    expect(performance.now() - stalledAt).toBeGreaterThan((stallSeconds - 1) * 1_000);
    expect(during - before).toBeLessThan(64 * mebibyte);
    await release();

    for (const producer of producers) producer.finish();
    await waitFor(() => total(producers, 'acknowledged') === total(producers, 'sent'), {
      within,
      what: 'an answer to every line',
    });
    expect(await page(hub.http, 'limit=0')).toMatchObject({ head: total(producers, 'sent') });
    expect(producers.flatMap(({ refusals }) => refusals)).toEqual([]);
    const grown = ((during - before) / mebibyte).toFixed(1);
    process.stderr.write(
      `stalled disk: ${stallSeconds} s, memory grew by ${grown} MiB over the ${(before / mebibyte).toFixed(0)} of full load, ${unread} bytes were not read\n`,
    );
  });
});

function total(producers: readonly FloodingProducer[], figure: 'sent' | 'acknowledged'): number {
  return producers.reduce((sum, producer) => sum + producer[figure], 0);
}

/** The largest value until something is so. */
async function mostUntil(value: () => number, isOver: () => boolean): Promise<number> {
  let most = 0;
  await waitFor(
    async () => {
      most = Math.max(most, value());
      return isOver();
    },
    { within, what: String(isOver) },
  );
  return most;
}

/** The value once it has stayed the same for a second. */
async function whenSteady(value: () => number | Promise<number>): Promise<number> {
  let [last, since] = [NaN, performance.now()];
  await waitFor(
    async () => {
      const now = await value();
      if (now !== last) [last, since] = [now, performance.now()];
      return performance.now() - since > 1_000;
    },
    { within, what: `${String(value)} to stay the same` },
  );
  return last;
}

/** What the system has received on the port's connections and the hub has not read. */
async function unreadBytes(port: number): Promise<number> {
  const place = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/));
  const established = lines.filter(([, local, , state]) => local?.endsWith(place) === true && state === '01');
  return established.reduce((sum, [, , , , queues = '']) => sum + parseInt(queues.split(':')[1] ?? '', 16), 0);
}
