import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { createHttpPublisher } from '../../src/client/http-publisher.ts';
import type { Publisher } from '../../src/client/publisher.ts';
import { createTcpPublisher } from '../../src/client/tcp-publisher.ts';
import { createWsPublisher } from '../../src/client/ws-publisher.ts';
import { gapsIn, readClosedLog } from '../support/closed-log.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import type { HubOptions, HubProcess } from '../support/hub.ts';
import { countOf, runSeed, timeLimit } from '../support/long.ts';
import { numberedProducer, type NumberedProducer } from '../support/numbered-producer.ts';
import { createRandom } from '../../bench/random.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { longestMedianMs, timedStart } from '../support/timed-start.ts';

const program = fileURLToPath(new URL('../../bin/alert-hub.js', import.meta.url));
const source = 'kill-loop';
const backoff = { baseMs: 20, maxMs: 100 };
const mostCycles = countOf(50, 1_000);
/** Of each producer in each cycle; in the long run, a million and more. */
const eventsACycle = 400;
/** A hub is killed when it has acknowledged some of what all three have for it, and at most so much later. */
const longestDelayMs = 20;
const longestStartMs = 600;
/** Every so many cycles the hub is killed while it starts, too. */
const killedStartEvery = 5;

describe('a hub that is killed again and again', () => {
  test(
    'loses nothing that it acknowledged, doubles nothing that was resent, and leaves no gap',
    { timeout: countOf(600_000, 14_400_000) },
    async () => {
      const random = createRandom(runSeed());
      const place = { dataDir: await makeTempDir(), httpPort: await findFreePort(), tcpPort: await findFreePort() };
      let { hub, startMs } = await timedStart(place);
      const emptyStartMs = startMs;
      const startsMs: number[] = [];
      const producers = producersFor(hub);
      let handing: Promise<unknown> = Promise.resolve();
      const endAt = performance.now() + timeLimit();
      let cycles = 0;
      while (cycles < mostCycles && performance.now() < endAt) {
        const cycle = ++cycles;
        const upTo = cycle * eventsACycle;
        handing = handing.then(() => Promise.all(producers.map((producer) => producer.publishUpTo(upTo))));
        const goal = (cycle - random()) * eventsACycle * producers.length;
        const isReached = () => acknowledgedBy(producers) >= goal;
        await waitFor(isReached, { within: 60_000, what: `${goal.toFixed()} acknowledgements` });
        await delay(random() * longestDelayMs);
        await hub.kill();
        if (cycle % killedStartEvery === 0) await killStart(place, random() * longestStartMs);
        ({ hub, startMs } = await timedStart(place));
        startsMs.push(startMs);
      }
      await handing;
      await Promise.all(producers.map((producer) => producer.drain()));
      expect(await hub.stop()).toBe(0);

      expect(producers.flatMap(({ refusals }) => refusals)).toEqual([]);
      const count = expectKept(place.dataDir, producers, cycles * eventsACycle);
      startsMs.sort((one, other) => one - other);
      const [median = Infinity, slowest = Infinity] = [startsMs[startsMs.length >> 1], startsMs.at(-1)];
      const figures = `ready again after ${median.toFixed()} ms (median), ${slowest.toFixed()} ms (slowest)`;
      process.stderr.write(`${cycles} kills, ${count} events: 0 lost, 0 twice; ${figures}\n`);
      expect(median).toBeLessThanOrEqual(longestMedianMs(emptyStartMs));
    },
  );
});

function producersFor(hub: HubProcess): readonly NumberedProducer[] {
  const publishers: Record<string, Publisher> = {
    tcp: createTcpPublisher({ address: { host: hub.tcpHost, port: hub.tcpPort }, backoff, window: 64 }),
    http: createHttpPublisher({ url: hub.http, backoff, window: 64 }),
    ws: createWsPublisher({ url: hub.ws, WebSocket, backoff, window: 64 }),
  };
  onTestFinished(() => {
    for (const publisher of Object.values(publishers)) publisher.close();
  });
  return Object.entries(publishers).map(([name, publisher]) => numberedProducer(source, name, publisher));
}

function acknowledgedBy(producers: readonly NumberedProducer[]): number {
  return producers.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
}

/** Starts a hub and kills it `afterMs` later, ready or not. */
async function killStart({ dataDir, httpPort = 0, tcpPort = 0 }: HubOptions, afterMs: number): Promise<void> {
  const ports = ['--http-port', String(httpPort), '--tcp-port', String(tcpPort)];
  const child = spawn(process.execPath, [program, 'serve', '--data-dir', dataDir, ...ports], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  await delay(afterMs);
  child.kill('SIGKILL');
  await gone;
}

/** Every event is where the hub said it is, once. Returns how many there are. */
function expectKept(dataDir: string, producers: readonly NumberedProducer[], each: number): number {
  const { check, positions, byId, doubles } = readClosedLog(dataDir, source);
  expect(check).toBe('ok');
  expect(gapsIn(positions)).toEqual([]);
  expect(doubles).toEqual([]);
  const misplaced: string[] = [];
  for (const { acknowledged, idOf } of producers) {
    expect(acknowledged.size).toBe(each);
    for (const [number, position] of acknowledged) {
      const found = byId.get(idOf(number));
      if (found !== position) misplaced.push(`${idOf(number)} at ${String(found)}, acknowledged at ${position}`);
    }
  }
  expect(misplaced).toEqual([]);
  expect(byId.size).toBe(producers.length * each);
  return byId.size;
}
