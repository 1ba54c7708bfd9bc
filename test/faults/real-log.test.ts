import { existsSync, readFileSync } from 'node:fs';
import { onTestFinished, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createHttpPublisher } from '../../src/client/http-publisher.ts';
import type { Publisher } from '../../src/client/publisher.ts';
import { createTcpPublisher } from '../../src/client/tcp-publisher.ts';
import { createWsPublisher } from '../../src/client/ws-publisher.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHubProcess } from '../support/hub.ts';
import { readNdjson, readServerSentEvents, readWebSocket } from '../support/resuming-readers.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const logFile = '/var/log/dpkg.log';
const backoff = { baseMs: 50, maxMs: 200 };

describe.skipIf(!existsSync(logFile))('a real log file', () => {
  test('comes through all channels at once, two SIGKILLs and cut subscribers, each line exactly once', async () => {
    const lines = readFileSync(logFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const drafts = lines.map((line, index) => ({ id: `line-${String(index)}`, source: 'dpkg', message: line }));
    const place = { dataDir: await makeTempDir(), httpPort: await findFreePort(), tcpPort: await findFreePort() };
    let hub = await startHubProcess(place);

    const readers = [readWebSocket(hub), readServerSentEvents(hub), readNdjson(hub)];
    onTestFinished(() => {
      readers.forEach((reader) => {
        reader.close();
      });
    });
    const publishers: readonly Publisher[] = [
      createTcpPublisher({ address: { host: hub.tcpHost, port: hub.tcpPort }, backoff, window: 64 }),
      createHttpPublisher({ url: hub.http, backoff, window: 64 }),
      createWsPublisher({ url: hub.ws, WebSocket, backoff, window: 64 }),
    ];
    onTestFinished(() => {
      publishers.forEach((publisher) => {
        publisher.close();
      });
    });

    const cutting = setInterval(() => {
      readers[Math.floor(Math.random() * readers.length)]?.cut();
    }, 200);
    onTestFinished(() => {
      clearInterval(cutting);
    });

    // Every line through every channel: the same id makes one event of the three.
    let acknowledged = 0;
    const refusals: string[] = [];
    const sending = publishers.map(async (publisher) => {
      for (const draft of drafts) {
        await publisher.ready();
        void publisher.publish(draft).then((verdict) => {
          if (verdict.ok) acknowledged += 1;
          else refusals.push(verdict.error);
        });
      }
      await publisher.drain();
    });
    const total = drafts.length * publishers.length;
    for (const share of [0.2, 0.6]) {
      await waitFor(() => acknowledged > total * share, {
        within: 60_000,
        what: `${String(share * 100)} % of the answers`,
      });
      readers.forEach((reader) => {
        reader.cut();
      });
      await hub.kill();
      hub = await startHubProcess(place);
    }
    await Promise.all(sending);
    expect(refusals).toEqual([]);
    expect(acknowledged).toBe(total);

    clearInterval(cutting);
    const expected = new Set(drafts.map(({ id }) => id));
    for (const reader of readers) {
      await waitFor(() => reader.ids.length >= drafts.length, { within: 30_000, what: 'every line at a subscriber' });
      expect(reader.ids).toHaveLength(drafts.length);
      expect(new Set(reader.ids)).toEqual(expected);
    }
    const answer = await fetch(`${hub.http}/api/events?limit=0`);
    expect(await answer.json()).toMatchObject({ head: drafts.length });
    const log = await fetch(`${hub.http}/api/events`, { headers: { Accept: 'application/x-ndjson' } });
    const recorded = (await log.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; message: string });
    expect(new Map(recorded.map(({ id, message }) => [id, message]))).toEqual(
      new Map(drafts.map(({ id, message }) => [id, message])),
    );
    // All three saw the log's one order.
    for (const reader of readers) expect(reader.ids).toEqual(recorded.map(({ id }) => id));
  });
});
