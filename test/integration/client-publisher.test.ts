import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createHttpPublisher } from '../../src/client/http-publisher.ts';
import type { Publisher, PublisherOptions } from '../../src/client/publisher.ts';
import { createTcpPublisher } from '../../src/client/tcp-publisher.ts';
import { createWsPublisher } from '../../src/client/ws-publisher.ts';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHub, startHubProcess } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';

interface Addresses {
  readonly http: string;
  readonly tcp: string;
}

const transports: Record<string, (hub: Addresses, options?: PublisherOptions) => Publisher> = {
  tcp: ({ tcp }, options) => {
    const { hostname, port } = new URL(`tcp://${tcp}`);
    return createTcpPublisher({ address: { host: hostname, port: Number(port) }, ...options });
  },
  http: ({ http }, options) => createHttpPublisher({ url: http, ...options }),
  ws: ({ http }, options) => createWsPublisher({ url: `${http.replace('http', 'ws')}/ws`, WebSocket, ...options }),
};

async function readAll(http: string): Promise<readonly RecordedEvent[]> {
  const response = await fetch(`${http}/api/events`, { headers: { Accept: 'application/x-ndjson' } });
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as RecordedEvent);
}

describe.each(Object.entries(transports))('a publisher over %s', (channel, create) => {
  function open(hub: Addresses, options?: PublisherOptions): Publisher {
    const publisher = create(hub, options);
    onTestFinished(() => publisher.close());
    return publisher;
  }

  it('has drafts recorded, and tells where each is, or why not', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    const publisher = open(hub);
    const verdicts = await Promise.all([
      publisher.publish({ id: 'a', message: 'first' }),
      publisher.publish({ id: 'b', message: '' }),
      publisher.publish({ id: 'c', message: 'third: ñ 漢 🙂' }),
      publisher.publish({ id: 'a', message: 'first' }),
      publisher.publish({ id: 'a', message: 'another' }),
    ]);
    expect(verdicts).toMatchObject([
      { ok: true, id: 'a', position: 1 },
      { ok: false, code: 'invalid_event' },
      { ok: true, id: 'c', position: 2 },
      { ok: true, id: 'a', position: 1, duplicate: true },
      { ok: false, code: 'id_conflict' },
    ]);
    expect(await readAll(hub.http)).toMatchObject([
      { id: 'a', channel },
      { id: 'c', message: 'third: ñ 漢 🙂' },
    ]);
  });

  it('loses and doubles nothing, and keeps the order, when the hub is killed under way', async () => {
    const options = { dataDir: await makeTempDir(), httpPort: await findFreePort(), tcpPort: await findFreePort() };
    const start = () => startHubProcess(options);
    let hub = await start();
    const addresses = { http: hub.http, tcp: `127.0.0.1:${options.tcpPort}` };
    const publisher = open(addresses, { backoff: { baseMs: 20, maxMs: 200 } });
    const count = 2_000;
    let acknowledged = 0;
    const publishing = (async () => {
      for (let n = 1; n <= count; n += 1) {
        await publisher.ready();
        void publisher.publish({ message: `m${n}`, data: { n } }).then(({ ok }) => {
          if (ok) acknowledged += 1;
        });
        // Slow enough to be still at it when the hub is killed.
        if (n % 40 === 0) await delay(10);
      }
      await publisher.drain();
    })();
    await waitFor(() => acknowledged >= 300, { within: 15_000, what: '300 acknowledgements' });
    await hub.kill();
    hub = await start();
    await publishing;
    expect(acknowledged).toBe(count);
    const recorded = await readAll(hub.http);
    expect(recorded.map(({ data }) => data?.['n'])).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it('waits for a hub that is not there yet', async () => {
    const options = { dataDir: await makeTempDir(), httpPort: await findFreePort(), tcpPort: await findFreePort() };
    const addresses = { http: `http://127.0.0.1:${options.httpPort}`, tcp: `127.0.0.1:${options.tcpPort}` };
    const reasons: string[] = [];
    const publisher = open(addresses, {
      backoff: { baseMs: 20, maxMs: 100 },
      onStatus: (status) => {
        if (status.state === 'waiting') reasons.push(status.reason);
      },
    });
    const verdict = publisher.publish({ message: 'patience' });
    await waitFor(() => reasons.length > 1, { what: 'two failed attempts' });
    expect(reasons[0]).toContain('ECONNREFUSED');
    await startHub(options);
    expect(await verdict).toMatchObject({ ok: true, position: 1 });
  });
});
