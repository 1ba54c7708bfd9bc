import { describe, expect, it } from 'vitest';
import type { SubscriberStatus } from '../../src/pipeline/subscriptions.ts';
import { waitFor } from '../support/deadline.ts';
import { ask, openStream, type Streamed } from '../support/hub-http.ts';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { countOf } from '../support/long.ts';
import { residentBytes } from '../support/process-memory.ts';
import { connectTcp, type TcpProducer } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { connectWs, type WsClient } from '../support/ws-client.ts';

const mebibyte = 1024 * 1024;
/** Four times what the system's own buffers take for a connection that does not read. */
const eventsOfBurst = 8_000;
const padding = 'x'.repeat(2_000);
const pingsOfBurst = 80;
const within = 60_000;

interface Ping {
  readonly source: string;
  readonly data: { readonly sentAt: number };
}

interface Slow {
  readonly slow: WsClient;
  readonly streams: readonly Streamed[];
}

describe('subscribers that do not read', () => {
  it(
    'get everything once they read again, in bounded memory, while the others are served',
    { timeout: 240_000 },
    async () => {
      const hub = await startHubProcess({ dataDir: await makeTempDir() });
      const others = await Promise.all(
        Array.from({ length: countOf(100, 1_000) }, () => connectWs(hub.http, '?source=ping')),
      );
      const delays = delaysOf(others);
      const slow = await connectWs(hub.http);
      await slow.frame('caught_up');
      const sse = await openStream(`${hub.http}/api/events`, { Accept: 'text/event-stream' });
      const ndjson = await openStream(`${hub.http}/api/events?follow=1`, { Accept: 'application/x-ndjson' });
      const producer = await connectTcp(`${hub.tcpHost}:${hub.tcpPort}`);

      await burst(producer, 1);
      const streams = [sse, ndjson];
      await reached({ slow, streams }, 1);
      const before = { rss: residentBytes(hub.pid, 'RssAnon'), p99: p99(delays.splice(0)) };

      slow.socket.pause();
      sse.pause();
      ndjson.pause();
      await burst(producer, 2);
      await waitFor(() => others.every(({ positions }) => positions.length === 2 * pingsOfBurst), {
        within,
        what: 'every ping for everyone else',
      });
      const stalled = (await subscribersOf(hub)).filter(({ filter }) => filter.source === undefined);
      expect(stalled.map(({ channel, state }) => `${channel} ${state}`)).toEqual([
        'ws fell_behind',
        'sse fell_behind',
        'ndjson fell_behind',
      ]);
      for (const { lag, position, heldBytes } of stalled) {
        expect(lag + position).toBe(2 * (eventsOfBurst + pingsOfBurst));
        expect(lag).toBeGreaterThan(0);
        expect(heldBytes).toBeLessThanOrEqual(mebibyte);
      }
      expect(residentBytes(hub.pid, 'RssAnon') - before.rss).toBeLessThan(64 * mebibyte);

      slow.socket.resume();
      sse.resume();
      ndjson.resume();
      await reached({ slow, streams }, 2);
      const everything = upTo(2 * (eventsOfBurst + pingsOfBurst));
      expect(slow.positions).toEqual(everything);
      expect(sse.positions()).toEqual(everything);
      expect(ndjson.positions()).toEqual(everything);
      expect(turningPoints(slow)).toEqual(['caught_up', 'fell_behind', 'caught_up']);
      for (const { positions } of others) expect(positions).toEqual(others[0]?.positions);
      const figures = `p99 of the ${others.length} others ${before.p99} ms, with 3 stalled ${p99(delays)} ms`;
      process.stderr.write(`slow subscribers: ${figures}\n`);
    },
  );
});

/** Sends events of 2 kB, and pings among them, and waits until all are recorded. */
async function burst(producer: TcpProducer, round: number): Promise<void> {
  const total = eventsOfBurst + pingsOfBurst;
  for (let ping = 0; ping < pingsOfBurst; ping += 1) {
    producer.send({ message: 'ping', source: 'ping', data: { sentAt: Date.now() } });
    const drafts = Array.from({ length: eventsOfBurst / pingsOfBurst }, () => ({ message: 'm', data: { padding } }));
    producer.send(...drafts);
    const sent = (round - 1) * total + (ping + 1) * (total / pingsOfBurst);
    await waitFor(() => producer.answers.length >= sent, { within, what: `${sent} answers` });
  }
  expect(producer.answers.every(({ ok }) => ok)).toBe(true);
}

/** How long each ping was on its way to each of them, in milliseconds; grows. */
function delaysOf(clients: readonly WsClient[]): number[] {
  const delays: number[] = [];
  for (const { socket } of clients) {
    socket.on('message', (bytes: Buffer) => {
      const { events = [] } = JSON.parse(bytes.toString()) as { events?: readonly Ping[] };
      for (const { data } of events) delays.push(Date.now() - data.sentAt);
    });
  }
  return delays;
}

function p99(delays: readonly number[]): number {
  return delays.toSorted((a, b) => a - b)[Math.floor(delays.length * 0.99)] ?? NaN;
}

function reached({ slow, streams }: Slow, rounds: number): Promise<boolean> {
  const last = rounds * (eventsOfBurst + pingsOfBurst);
  return waitFor(() => [slow.positions, ...streams.map((each) => each.positions())].every((of) => of.at(-1) === last), {
    within,
    what: `position ${last} at every reader`,
  });
}

function turningPoints(client: WsClient): readonly string[] {
  const types = client.frames.map(({ type }) => type).filter((type) => type === 'caught_up' || type === 'fell_behind');
  return types.filter((type, at) => type !== types[at - 1]);
}

async function subscribersOf(hub: HubProcess): Promise<readonly SubscriberStatus[]> {
  const { body } = await ask(`${hub.http}/api/subscribers`);
  return body as readonly SubscriberStatus[];
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
