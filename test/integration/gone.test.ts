import { describe, expect, it } from 'vitest';
import type { Hub } from '../../src/hub.ts';
import { waitFor } from '../support/deadline.ts';
import { startHub } from '../support/hub.ts';
import { ask, openStream, page, post, type Streamed } from '../support/hub-http.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { connectWs } from '../support/ws-client.ts';

const sse = { Accept: 'text/event-stream' };
const ndjson = { Accept: 'application/x-ndjson' };
const kept = 50;
const goneAnswer = { status: 410, body: { ok: false, code: 'gone' } };

const events = (count: number, message = 'm') => Array.from({ length: count }, () => ({ source: 's', message }));

async function firstOf(http: string): Promise<number> {
  return (await page(http, 'limit=0')).first;
}

/** A hub that keeps few events. */
async function startSmall(): Promise<Hub> {
  return startHub({ dataDir: await makeTempDir(), env: { HUB_RETENTION_MAX_EVENTS: String(kept) } });
}

describe('a cursor below the first position', () => {
  /** Its first position is 101. */
  async function startCut(): Promise<Hub> {
    const hub = await startSmall();
    await post(hub.http, events(150));
    await waitFor(async () => (await firstOf(hub.http)) === 101, { what: 'the first 100 to be gone', within: 30_000 });
    return hub;
  }

  it('is refused by pages and single records', async () => {
    const { http } = await startCut();
    for (const path of ['?after=99', '?after=99&order=desc', '?before=101', '?before=50', '/100', '/100/trace']) {
      expect(await ask(`${http}/api/events${path}`), path).toMatchObject(goneAnswer);
    }
  });

  it('is refused by streams', async () => {
    const { http } = await startCut();
    const { epoch } = await page(http, 'limit=0');
    const resuming = { ...sse, 'Last-Event-ID': `${epoch}:99` };
    expect(await ask(`${http}/api/events?after=99`, { headers: ndjson })).toMatchObject(goneAnswer);
    expect(await ask(`${http}/api/events?after=99&follow=1`, { headers: ndjson })).toMatchObject(goneAnswer);
    expect(await ask(`${http}/api/events?after=99`, { headers: sse })).toMatchObject(goneAnswer);
    expect(await ask(`${http}/api/events`, { headers: resuming })).toMatchObject(goneAnswer);
  });

  it('is refused by a WebSocket, at the upgrade and in a subscribe', async () => {
    const { http } = await startCut();
    const upgraded = await connectWs(http, '?after=99');
    expect(await upgraded.frame('error')).toMatchObject({ code: 'gone' });
    expect(await upgraded.closed).toMatchObject({ code: 4410 });
    const subscribing = await connectWs(http, '?subscribe=0');
    subscribing.send({ type: 'subscribe', after: 99 });
    expect(await subscribing.frame('error')).toMatchObject({ code: 'gone' });
    expect(await subscribing.closed).toMatchObject({ code: 4410 });
  });

  it('is not one just before it, nor the beginning', async () => {
    const { http } = await startCut();
    for (const after of [100, 0]) {
      expect((await page(http, `after=${after}&limit=1`)).events[0]).toMatchObject({ position: 101 });
      const { body } = await ask(`${http}/api/events?after=${after}&limit=1`, { headers: ndjson });
      expect(JSON.parse(String(body))).toMatchObject({ position: 101 });
      const socket = await connectWs(http, `?after=${after}`);
      await socket.frame('caught_up');
      expect(socket.positions[0]).toBe(101);
    }
  });
});

describe('a reader that retention overtakes', () => {
  const long = 'x'.repeat(8_000);

  /** More than the connection holds, and then gone but for the end. */
  async function overtake({ http }: Hub): Promise<void> {
    for (let sent = 0; sent < 3_960; sent += 99) await post(http, events(99, long));
    await waitFor(async () => (await firstOf(http)) > 3_900, { what: 'retention', within: 30_000 });
  }

  async function overtaken(hub: Hub, path: string, headers: Readonly<Record<string, string>>): Promise<Streamed> {
    await post(hub.http, events(kept, long));
    const reader = await openStream(`${hub.http}${path}`, headers);
    await waitFor(() => reader.positions().length === kept, { what: 'history', within: 30_000 });
    reader.pause();
    await overtake(hub);
    reader.resume();
    expect(await reader.ended).toBe('broken');
    const seen = reader.positions();
    expect(seen).toEqual(seen.map((_, index) => index + 1));
    expect(seen.length).toBeLessThan(3_960);
    return reader;
  }

  it('is told with a last server-sent event, and has no gap before it', async () => {
    const hub = await startSmall();
    const reader = await overtaken(hub, '/api/events?after=0', sse);
    expect(reader.text()).toMatch(/\n\nevent: gone\ndata: \{"ok":false,"code":"gone","error":"position \d+ is no/);
  });

  it('is cut off in NDJSON without a gap, and told when it asks for the rest', async () => {
    const hub = await startSmall();
    const reader = await overtaken(hub, '/api/events?after=0&follow=1', ndjson);
    const rest = `${hub.http}/api/events?after=${String(reader.positions().at(-1))}&follow=1`;
    expect(await ask(rest, { headers: ndjson })).toMatchObject(goneAnswer);
  });

  it('is told on its WebSocket and disconnected with 4410, without a gap before', async () => {
    const hub = await startSmall();
    await post(hub.http, events(kept, long));
    const reader = await connectWs(hub.http, '?after=0');
    await reader.frame('caught_up');
    reader.socket.pause();
    await overtake(hub);
    reader.socket.resume();
    expect(await reader.closed).toMatchObject({ code: 4410 });
    expect(await reader.frame('error')).toMatchObject({ code: 'gone' });
    expect(reader.positions).toEqual(reader.positions.map((_, index) => index + 1));
  });
});
