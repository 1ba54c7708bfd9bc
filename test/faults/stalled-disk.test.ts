import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { page } from '../support/hub-http.ts';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { canInject, inject } from '../support/inject.ts';
import { countOf } from '../support/long.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const mebibyte = 1024 * 1024;
const stallSeconds = countOf(6, 30);
const producerCount = 16;
/** What a producer has written, and nobody has read, when it stops writing. */
const linesOfChunk = 100;
/** Well before the stall has ended, and long after every buffer on the way has filled. */
const quietSeconds = 2;

const isTraceable = await canInject();

describe.skipIf(!isTraceable)('a disk that stalls under full load', () => {
  it('stops the producers, takes little memory, and loses nothing', { timeout: 240_000 }, async () => {
    const dataDir = await makeTempDir();
    const hub = await startHubProcess({ dataDir });
    const producers = await Promise.all(Array.from({ length: producerCount }, (_, index) => produceTo(hub, index)));
    const sum = (figure: 'sent' | 'acknowledged' | 'written') =>
      producers.reduce((total, producer) => total + producer[figure], 0);
    await waitFor(() => sum('acknowledged') > 60_000, { within: 90_000, what: 'the hub to be warm' });
    const before = await mostMemory(hub, 2);

    const fault = `fdatasync:delay_exit=${stallSeconds * 1_000_000}:when=1`;
    const release = await inject({ pid: hub.pid, file: `${dataDir}/hub.db-wal`, fault });
    const acknowledged = await settled(() => sum('acknowledged'));
    const written = await settled(() => sum('written'));
    expect(await mostMemory(hub, stallSeconds - quietSeconds)).toBeLessThan(before + 64 * mebibyte);
    process.stderr.write(
      `stalled disk: ${stallSeconds} s, ${acknowledged} acknowledged and ${written} bytes written until then\n`,
    );
    await waitFor(() => sum('acknowledged') > acknowledged, { within: 60_000, what: 'answers after the stall' });
    await release();

    for (const producer of producers) producer.finish();
    await waitFor(() => sum('acknowledged') === sum('sent'), { within: 90_000, what: 'an answer to every line' });
    expect(await page(hub.http, 'limit=0')).toMatchObject({ head: sum('sent') });
    expect(producers.flatMap(({ refusals }) => refusals)).toEqual([]);
  });
});
