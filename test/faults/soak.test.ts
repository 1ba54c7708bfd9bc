import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Publisher } from '../../src/client/publisher.ts';
import { createTcpPublisher } from '../../src/client/tcp-publisher.ts';
import { startHubProcess } from '../support/hub.ts';
import { countOf } from '../support/long.ts';
import { canSample, rssSlope, sampleProcess, type ProcessSample } from '../support/process-sample.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const mebibyte = 1024 * 1024;
/** `HUB_TEST_SOAK_MINUTES=480` is the run before a release. */
const minutes = Number(process.env['HUB_TEST_SOAK_MINUTES'] ?? countOf(0.1, 10));
const warmUpMs = 2_000;
const tickMs = 50;
const samples = 100;
const longEnoughForSlope = 120;
const subscribers = 4;

describe.skipIf(!canSample)('a hub at half of its capacity', () => {
  test('uses no more and more of anything', { timeout: minutes * 60_000 + 120_000 }, async () => {
    const dataDir = await makeTempDir();
    const hub = await startHubProcess({ dataDir });
    const publisher = createTcpPublisher({ address: { host: hub.tcpHost, port: hub.tcpPort }, window: 1_024 });
    onTestFinished(() => {
      publisher.close();
    });
    await startEverything(hub.http);
    for (let index = 0; index < subscribers; index += 1) followLive(hub.ws);
    const load = new Load(publisher);
    const perSecond = (await load.flatOut(warmUpMs)) / 2;

    const taken: ProcessSample[] = [];
    const endsAt = performance.now() + minutes * 60_000;
    const sampleMs = (minutes * 60_000) / samples;
    for (let next = 0; performance.now() < endsAt;) {
      await load.give((perSecond * tickMs) / 1_000);
      await delay(tickMs);
      if (performance.now() < next) continue;
      taken.push(sampleProcess(hub.pid, dataDir));
      next = performance.now() + sampleMs;
    }
    await publisher.drain();
    expect(load.refusals).toEqual([]);
    expectSteady(taken, perSecond, load.count);
    expect(await hub.stop()).toBe(0);
  });
});

/** What starts when it is first asked for is not what grows. */
async function startEverything(url: string): Promise<void> {
  const paths = ['/api/stats', '/api/histogram', '/api/events?limit=1', '/api/events?limit=1'];
  const answers = await Promise.all(paths.map((path) => fetch(url + path)));
  await Promise.all(answers.map((answer) => answer.text()));
}

class Load {
  count = 0;
  readonly refusals: string[] = [];
  readonly #publisher: Publisher;

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  /** As many as the hub takes, for so long. Returns how many a second that was. */
  async flatOut(ms: number): Promise<number> {
    const began = performance.now();
    while (performance.now() < began + ms) await this.give(100);
    await this.#publisher.drain();
    return (this.count * 1_000) / (performance.now() - began);
  }

  async give(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      await this.#publisher.ready();
      const message = `event ${this.count++} of a long day`;
      void this.#publisher.publish({ source: 'soak', message }).then((verdict) => {
        if (!verdict.ok) this.refusals.push(verdict.error);
      });
    }
  }
}

function followLive(url: string): void {
  const socket = new WebSocket(url);
  socket.on('message', () => undefined);
  onTestFinished(() => {
    socket.terminate();
  });
}

function expectSteady(taken: readonly ProcessSample[], perSecond: number, count: number): void {
  const settled = taken.slice(taken.length >> 2);
  const half = settled.length >> 1;
  const most = (some: readonly ProcessSample[], of: (sample: ProcessSample) => number) => Math.max(...some.map(of));
  const growth = (of: (sample: ProcessSample) => number) =>
    most(settled.slice(half), of) - most(settled.slice(0, half), of);
  const [fds, rss] = [growth((sample) => sample.fds), growth((sample) => sample.rss) / mebibyte];
  const wal = most(settled, ({ walBytes }) => walBytes) / mebibyte;
  const slope = rssSlope(settled) / mebibyte;
  process.stderr.write(
    `${minutes} min, ${count} events at ${perSecond.toFixed()}/s: in the second half ${rss.toFixed()} MiB and ${fds} ` +
      `open files more (${slope.toFixed(1)} MiB/h), WAL at most ${wal.toFixed()} MiB\n`,
  );
  expect(fds, 'files that were opened').toBeLessThanOrEqual(2);
  expect(wal, 'MiB of WAL').toBeLessThanOrEqual(64);
  expect(rss, 'MiB of memory more').toBeLessThanOrEqual(64);
  // In minutes, the collector of garbage is all that a slope tells of.
  if (minutes >= longEnoughForSlope) expect(slope, 'MiB of memory an hour').toBeLessThanOrEqual(1);
}
