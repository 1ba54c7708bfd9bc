import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { waitFor } from './deadline.ts';
import { openStream, page, post } from './hub-http.ts';
import { startHubProcess, type HubProcess } from './hub.ts';
import { connectTcp } from './tcp-producer.ts';
import { bearer } from './tokens.ts';
import { connectWs } from './ws-client.ts';

/** One hub in a process of its own for all tests of a file: it has to live through every one of them. */
export function stageHub(env: Readonly<Record<string, string>> = {}): { readonly hub: HubProcess } {
  let running: HubProcess | undefined;
  const endings: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'alert-hub-test-'));
    endings.push(() => rm(dataDir, { recursive: true, force: true }));
    running = await startHubProcess({ dataDir, env, whenFinished: (end) => endings.push(end) });
  });
  afterAll(async () => {
    for (const end of endings.reverse()) await end();
  });
  return {
    get hub() {
      if (running === undefined) throw new Error('the hub has not started');
      return running;
    },
  };
}

/** Connections that were there before something hostile came, one for each way in and out. */
export interface Bystanders {
  /** Checks that the hub lives, that each of them noticed nothing, and that the next good event of each is
   *  acknowledged and reaches all. */
  expectUndisturbed(): Promise<void>;
}

let goodEvents = 0;

/** Cut off when the test has finished. `token` is shown by each of them. */
export async function openBystanders(hub: HubProcess, token?: string): Promise<Bystanders> {
  const headers: Record<string, string> = token === undefined ? {} : bearer(token);
  const tcp = await connectTcp(`${hub.tcpHost}:${hub.tcpPort}`);
  if (token !== undefined) tcp.send({ token });
  const before = await tcp.answered(token === undefined ? 0 : 1);
  const ws = await connectWs(hub.http, '', headers);
  const stream = await openStream(`${hub.http}/api/events`, { ...headers, Accept: 'text/event-stream' });
  const { after } = (await ws.frame('hello')) as unknown as { readonly after: number };
  const isCut = { tcp: false, ws: false, stream: false };
  tcp.socket.once('close', () => (isCut.tcp = true));
  ws.socket.once('close', () => (isCut.ws = true));
  void stream.ended.then(() => (isCut.stream = true));
  return {
    expectUndisturbed: async () => {
      expect(tcp.answers).toEqual(before);
      goodEvents += 1;
      const good = { source: 'bystander', message: `good event ${String(goodEvents)}` };
      tcp.send(good);
      ws.send({ type: 'publish', ref: goodEvents, event: good });
      const { status } = await post(hub.http, good, headers);
      const answer = (await tcp.answered(before.length + 1)).at(-1);
      const ack = await ws.frame((frame) => frame.type === 'ack');
      expect({ status, answer, ack }).toMatchObject({
        status: 201,
        answer: { ok: true },
        ack: { ref: goodEvents, results: [{ ok: true }] },
      });
      const { head } = await page(hub.http, 'limit=0', headers);
      const wanted = Array.from({ length: head - after }, (_, index) => after + 1 + index);
      for (const reader of [ws.positions, stream.positions]) {
        const positions = typeof reader === 'function' ? reader : () => reader;
        await waitFor(() => positions().length >= wanted.length, { what: 'all events, live', within: 20_000 });
        // More may come meanwhile of what was sent before.
        expect(positions().slice(0, wanted.length)).toEqual(wanted);
      }
      expect(ws.frames.filter(({ type }) => type === 'error')).toEqual([]);
      expect(isCut).toEqual({ tcp: false, ws: false, stream: false });
      expect(hub.output()).not.toContain('a part of the hub has failed');
    },
  };
}
