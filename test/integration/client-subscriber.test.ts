import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { subscribe } from '../../src/client/subscriber.ts';
import type { SubscribeOptions, Subscription, SubscriptionStatus } from '../../src/client/subscription.ts';
import { createTcpPublisher } from '../../src/client/tcp-publisher.ts';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHub, startHubProcess } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';

interface Watched {
  readonly subscription: Subscription;
  readonly events: readonly RecordedEvent[];
  readonly statuses: readonly SubscriptionStatus[];
  is(state: SubscriptionStatus['state']): Promise<unknown>;
}

function watch(http: string, options: Partial<SubscribeOptions> = {}): Watched {
  const events: RecordedEvent[] = [];
  const statuses: SubscriptionStatus[] = [];
  const subscription = subscribe({
    url: `${http.replace('http', 'ws')}/ws`,
    WebSocket,
    backoff: { baseMs: 20, maxMs: 200 },
    onEvents: (more) => events.push(...more),
    onStatus: (status) => statuses.push(status),
    ...options,
  });
  onTestFinished(() => subscription.close());
  const is = (state: string) =>
    waitFor(() => statuses.at(-1)?.state === state, { within: 15_000, what: `state ${state}` });
  return { subscription, events, statuses, is };
}

async function post(http: string, ...messages: readonly string[]): Promise<void> {
  const body = JSON.stringify(messages.map((message) => ({ message, source: message.startsWith('b') ? 'b' : 'a' })));
  const response = await fetch(`${http}/api/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  expect(response.status).toBe(200);
}

const messages = (events: readonly RecordedEvent[]): string[] => events.map(({ message }) => message);

describe('a subscription to a hub', () => {
  it('gives history from its cursor and then what is new', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    await post(hub.http, 'a1', 'a2', 'a3');
    const watched = watch(hub.http, { cursor: { position: 1 } });
    await watched.is('live');
    await post(hub.http, 'a4');
    await waitFor(() => watched.events.length === 3, { what: 'three events' });
    expect(messages(watched.events)).toEqual(['a2', 'a3', 'a4']);
    expect(watched.subscription.cursor()?.position).toBe(4);
  });

  it('begins now without a cursor, and lets through what the filter does', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    await post(hub.http, 'a1', 'b1');
    const watched = watch(hub.http, { filter: { source: 'b' } });
    await watched.is('live');
    await post(hub.http, 'a2', 'b2');
    await waitFor(() => watched.events.length > 0, { what: 'an event' });
    expect(messages(watched.events)).toEqual(['b2']);
  });

  it('changes its filter in place and goes on where it is', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    await post(hub.http, 'a1', 'b1');
    const watched = watch(hub.http, { filter: { source: 'b' }, cursor: { position: 0 } });
    await watched.is('live');
    watched.subscription.subscribe({ source: 'a', type: 'event' }, watched.subscription.cursor() ?? { position: 0 });
    await post(hub.http, 'b2', 'a2');
    await waitFor(() => watched.events.length === 2, { what: 'two events' });
    expect(messages(watched.events)).toEqual(['b1', 'a2']);
    expect(watched.statuses.filter(({ state }) => state === 'connecting')).toHaveLength(1);
  });

  it.each([
    ['a query that cannot be read', { filter: { q: 'severity>=' } }, 'invalid_query'],
    ['a place above the head', { cursor: { position: 99 } }, 'invalid_request'],
    ['the cursor of another log', { cursor: { epoch: 'other', position: 0 } }, 'wrong_epoch'],
  ])('ends with %s', async (_, options, code) => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    const watched = watch(hub.http, options);
    await watched.is('closed');
    expect(watched.statuses.at(-1)).toMatchObject({ code });
  });

  it('stays on its connection when the hub answers whether the link lives', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    const watched = watch(hub.http);
    await watched.is('live');
    watched.subscription.retryNow();
    await post(hub.http, 'after');
    await waitFor(() => watched.events.length > 0, { what: 'an event' });
    expect(watched.statuses.filter(({ state }) => state === 'connecting')).toHaveLength(1);
  });

  it('misses and repeats nothing while the hub is killed and started again under load', async () => {
    const options = { dataDir: await makeTempDir(), httpPort: await findFreePort(), tcpPort: await findFreePort() };
    const hub = await startHubProcess(options);
    const publisher = createTcpPublisher({
      address: { host: '127.0.0.1', port: options.tcpPort },
      backoff: { baseMs: 20, maxMs: 200 },
    });
    onTestFinished(() => publisher.close());
    const watched = watch(hub.http, { cursor: { position: 0 } });
    const count = 2_000;
    const publishing = (async () => {
      for (let n = 1; n <= count; n += 1) {
        await publisher.ready();
        void publisher.publish({ message: String(n) });
        if (n % 40 === 0) await delay(10);
      }
      await publisher.drain();
    })();
    await waitFor(() => watched.events.length >= 300, { within: 15_000, what: 'the first events' });
    await hub.kill();
    await watched.is('waiting');
    await startHubProcess(options);
    await publishing;
    await waitFor(() => watched.events.length >= count, { within: 15_000, what: 'the last events' });
    const positions = watched.events.map(({ position }) => position);
    expect(positions).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });
});
