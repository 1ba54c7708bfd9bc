import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logFileOf } from '../../src/sinks/sqlite/log-file.ts';
import { runCli } from '../support/cli.ts';
import { waitFor } from '../support/deadline.ts';
import { ask, openStream, page, post } from '../support/hub-http.ts';
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
    const health = { ok: true, log: { state: 'damaged', reason: expect.stringMatching(/^record 42/) as unknown } };
    expect(await ask(`${hub.http}/healthz`)).toMatchObject({ status: 200, body: health });
    const { body: metrics } = await ask(`${hub.http}/metrics`);
    expect(metrics).toContain('\nalert_hub_log_ok 0\n');
    expect(metrics).toMatch(/\nalert_hub_wal_bytes \d+\n/);
    expect(metrics).toContain('\nalert_hub_checkpoint_busy_total 0\n');

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

describe('a reader that comes to a damaged record', () => {
  const why = 'record 42 is damaged: its text does not match its checksum; see `alert-hub verify`';
  const refusal = { ok: false, code: 'unavailable', error: why };
  const before = Array.from({ length: 41 }, (_, index) => index + 1);
  const everything = '/api/events?after=0&type=*';

  it('is told with a last line of NDJSON, of a range and live', async () => {
    const { hub } = await hubOnDamaged(10, 5, 42);
    for (const path of [everything, `${everything}&follow=1`, `${everything}&limit=45`]) {
      const reader = await openStream(`${hub.http}${path}`, { Accept: 'application/x-ndjson' });
      expect(await reader.ended, path).toBe('broken');
      expect(reader.positions(), path).toEqual(before);
      expect(JSON.parse(reader.text().trimEnd().split('\n').at(-1) ?? ''), path).toEqual(refusal);
    }
  });

  it('is told with a last server-sent event', async () => {
    const { hub } = await hubOnDamaged(10, 5, 42);
    const reader = await openStream(`${hub.http}${everything}`, { Accept: 'text/event-stream' });
    expect(await reader.ended).toBe('broken');
    expect(reader.positions()).toEqual(before);
    expect(reader.text()).toContain(`\n\nevent: unavailable\ndata: ${JSON.stringify(refusal)}\n\n`);
  });

  it('is told on its WebSocket', async () => {
    const { hub } = await hubOnDamaged(10, 5, 42);
    const reader = await connectWs(hub.http, '?after=0&type=*');
    expect(await reader.frame('error')).toMatchObject({ code: 'unavailable', error: why });
    expect(await reader.closed).toMatchObject({ code: 1011 });
    expect(reader.positions).toEqual(before);
  });

  it('ends an export and a replay with exit code 1, after all that is whole', async () => {
    const { hub, dataDir, texts } = await hubOnDamaged(10, 5, 42);
    const place = { dataDir, env: { HUB_URL: hub.http } };
    const exported = await runCli(['export', '--type', '*'], place);
    expect(exported).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`error: ${why}`) as unknown });
    expect(exported.stdout).toBe(`${texts.slice(0, 41).join('\n')}\n`);
    const replayed = await runCli(['replay', '--from', '42'], place);
    expect(replayed).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(why) as unknown });
  });
});
