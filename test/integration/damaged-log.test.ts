import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logFileOf } from '../../src/sinks/sqlite/log-file.ts';
import { waitFor } from '../support/deadline.ts';
import { ask, page, post } from '../support/hub-http.ts';
import { startHub } from '../support/hub.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { damageRecord, writeLog } from '../support/written-log.ts';
import { connectWs } from '../support/ws-client.ts';

/** A hub on a log of which the record at `position` is damaged. */
async function hubOnDamaged(batches: number, perBatch: number, position: number) {
  const dataDir = await makeTempDir();
  const texts = writeLog(dataDir, batches, perBatch);
  damageRecord(dataDir, position);
  const bytes = readFileSync(logFileOf(dataDir));
  const hub = await startHub({ dataDir });
  return { hub, dataDir, texts, bytes };
}

const readiness = async (http: string) => {
  const { status, body } = await ask(`${http}/readyz`);
  return { status, body };
};
const damaged = (position: number) => ({
  status: 503,
  body: { ok: false, reasons: [expect.stringMatching(`^record ${String(position)} is damaged: .*alert-hub verify`)] },
});

describe('a hub on a log whose last records are damaged', () => {
  it('says so at the start, takes nothing on any channel, and serves what is whole', async () => {
    const { hub, dataDir, texts, bytes } = await hubOnDamaged(10, 5, 42);
    expect(await readiness(hub.http)).toMatchObject(damaged(42));
    expect((await ask(`${hub.http}/healthz`)).status).toBe(200);

    const refused = {
      ok: false,
      code: 'unavailable',
      id: 'new',
      error: expect.stringContaining('record 42 is damaged') as unknown,
    };
    const { status, body } = await post(hub.http, { id: 'new', message: 'm' });
    expect({ status, body }).toMatchObject({ status: 503, body: refused });
    const tcp = await connectTcp(hub.tcp);
    tcp.send({ id: 'new', message: 'm' });
    await tcp.answered(1);
    expect(tcp.answers[0]).toMatchObject(refused);
    const ws = await connectWs(hub.http, '?subscribe=0');
    ws.send({ type: 'publish', ref: 'a', event: { id: 'new', message: 'm' } });
    expect((await ws.frame('ack'))['results']).toMatchObject([refused]);

    const { events, next } = await page(hub.http, 'after=0&type=*&limit=1000');
    expect(events.map((event) => JSON.stringify(event))).toEqual(texts.slice(0, 41));
    expect(next).toBe(41);
    const beyond = await ask(`${hub.http}/api/events?after=41`);
    expect(beyond).toMatchObject({ status: 503, body: { ok: false, code: 'unavailable' } });
    expect((await page(hub.http, 'after=42&type=*')).events).toHaveLength(8);
    expect((await ask(`${hub.http}/api/events/42`)).status).toBe(503);

    await hub.stop();
    // It is for people to decide what becomes of it.
    expect(readFileSync(logFileOf(dataDir)).equals(bytes)).toBe(true);
  });
});

describe('a hub on a log with older damage', () => {
  it('finds it by itself in the background, and takes nothing from then on', async () => {
    const { hub } = await hubOnDamaged(300, 5, 7);
    expect((await readiness(hub.http)).status).toBe(200);
    await waitFor(async () => (await readiness(hub.http)).status === 503, { within: 20_000, what: 'it to be found' });
    expect(await readiness(hub.http)).toMatchObject(damaged(7));
    expect((await post(hub.http, { message: 'm' })).status).toBe(503);
  });

  it('finds it as soon as somebody reads it', async () => {
    const { hub } = await hubOnDamaged(300, 5, 7);
    expect((await ask(`${hub.http}/api/events?after=6&limit=1`)).status).toBe(503);
    expect(await readiness(hub.http)).toMatchObject(damaged(7));
  });
});
